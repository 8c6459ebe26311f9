package io.anycastle.proxy.listen;

import io.anycastle.core.geo.AddressFacts;
import io.anycastle.core.model.AddressText;
import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestListener;
import io.anycastle.proxy.tls.TlsSession;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is known of a client's connection, whatever it speaks. Belongs to its event loop. */
abstract class ConnectionFacts implements ClientConnection {
    final Channel channel;
    final LoopConnections loop;
    private final ListenerConfig listener;
    private final InetAddress peer;
    private final @Nullable TlsSession tls;
    private @Nullable String peerText;
    private @Nullable AsciiString altSvc;
    private @Nullable AddressFacts peerFacts;
    private long peerNetwork;
    private boolean isNetworkKnown;
    private @Nullable Object kept;
    private boolean isLastCall;
    private boolean endsSoon;

    /** @param tls null without TLS */
    ConnectionFacts(Channel channel, ListenerConfig listener, LoopConnections loop, @Nullable TlsSession tls) {
        this.channel = channel;
        this.loop = loop;
        this.listener = listener;
        this.peer = ProxiedClient.of(channel).getAddress();
        this.tls = tls;
    }

    @Override
    public final InetAddress peer() {
        return peer;
    }

    @Override
    public final int peerPort() {
        return ProxiedClient.of(channel).getPort();
    }

    @Override
    public final InetSocketAddress destination() {
        return ProxiedClient.destination(channel);
    }

    @Override
    public final String peerText() {
        String text = peerText;
        if (text == null) {
            text = AddressText.of(peer.getAddress());
            peerText = text;
        }
        return text;
    }

    @Override
    public final @Nullable AddressFacts peerFacts() {
        return peerFacts;
    }

    @Override
    public final void peerFacts(AddressFacts found) {
        peerFacts = found;
    }

    @Override
    public final long peerNetwork() {
        if (!isNetworkKnown) {
            isNetworkKnown = true;
            peerNetwork = loop.networks().limited(peer);
        }
        return peerNetwork;
    }

    @Override
    public final String scheme() {
        return listener.scheme();
    }

    @Override
    public final boolean isTls() {
        return listener.isTls();
    }

    @Override
    public final int visiblePort() {
        return listener.visiblePort();
    }

    @Override
    public final @Nullable AsciiString altSvc(HttpVersion version) {
        Duration maxAge = loop.config().http3().altSvcMaxAge();
        if (!listener.speaksHttp3() || version == HttpVersion.HTTP_3 || maxAge.isZero()) {
            return null;
        }
        AsciiString text = altSvc;
        if (text == null) {
            text = new AsciiString("h3=\":" + listener.visiblePort() + "\"; ma=" + maxAge.toSeconds());
            altSvc = text;
        }
        return text;
    }

    @Override
    public final @Nullable String serverName() {
        return tls == null ? null : tls.serverName();
    }

    @Override
    public final @Nullable String tlsVersion() {
        return tls == null ? null : tls.version();
    }

    @Override
    public final boolean isEnding() {
        return isLastCall || endsSoon;
    }

    @Override
    public final boolean isStopping() {
        return loop.isDraining();
    }

    /** Tells the listeners of all that is under way: see {@link RequestListener#stops}. */
    abstract void stops(boolean hasTime);

    /** Whether it is to end as soon as it is idle. */
    final boolean endsSoon() {
        return endsSoon;
    }

    /** Lets the answer under way, or else the next one, be the last. */
    void lastCall() {
        isLastCall = true;
    }

    final void markEndsSoon() {
        endsSoon = true;
    }

    @Override
    public void endSoon() {
        endsSoon = true;
        if (!isBusy()) {
            close();
        }
    }

    /** Whether a request is under way. */
    abstract boolean isBusy();

    /** Ends the connection at once, whatever is queued for it. */
    void close() {
        SocketAbort.close(channel);
    }

    @Override
    public final void whenClosed(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    @Override
    public final @Nullable Object kept() {
        return kept;
    }

    @Override
    public final void keep(@Nullable Object what) {
        kept = what;
    }

    /** Whether the kernel has taken all that was flushed. */
    final boolean hasTakenAll() {
        ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
        return queued == null || queued.isEmpty();
    }

    /** Looks at the connection's deadlines. */
    abstract void expire(long nowNanos);
}
