package io.anycastle.proxy.message;

import io.anycastle.core.geo.AddressFacts;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What is known of the connection that a request came by. Belongs to its event loop. */
public interface ClientConnection {
    /** The address at the other end, or what a trusted peer said in its PROXY header. */
    InetAddress peer();

    /** The same as text. */
    String peerText();

    /** The port at the other end. */
    int peerPort();

    /** What the client has connected to, or what a trusted peer said in its PROXY header. */
    InetSocketAddress destination();

    /** What GeoIP files say of the peer, as it was looked up once; null before. */
    @Nullable
    AddressFacts peerFacts();

    void peerFacts(AddressFacts found);

    /** The number of the peer's network, by which limits are kept; of one without limits {@link io.anycastle.core.limit.Networks#EXEMPT}. */
    long peerNetwork();

    /** {@code http} or {@code https}. */
    String scheme();

    boolean isTls();

    /** The port that clients see: what origin ports follow. */
    int visiblePort();

    /** The name that the client asked for in its TLS handshake; null without TLS or without one. */
    @Nullable
    String serverName();

    /** As {@code TLSv1.3}; null without TLS. */
    @Nullable
    String tlsVersion();

    /**
     * Where the same is reached by a better version of HTTP (RFC 7838), to be told to a client that asked by this one; null where it is not.
     */
    @Nullable
    AsciiString altSvc(HttpVersion version);

    /** Whether the answer under way is the last one. */
    boolean isEnding();

    /** Whether it ends because the node does: see {@link RequestListener#stops}. */
    boolean isStopping();

    /** Lets the answers under way be the last ones; without one the connection ends now. */
    void endSoon();

    /** Runs the action when the connection has ended, at once if it has. */
    void whenClosed(Runnable action);

    /** What the exchange keeps for the connection as long as it stands. */
    @Nullable
    Object kept();

    void keep(@Nullable Object what);
}
