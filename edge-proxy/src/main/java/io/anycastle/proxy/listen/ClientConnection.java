package io.anycastle.proxy.listen;

import io.anycastle.core.tls.OddNameEngine;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/** One client connection: who is at its other end, and since when it waits for what. Belongs to its event loop. */
public final class ClientConnection {
    private static final AttributeKey<ClientConnection> KEY = AttributeKey.valueOf("anycastle.client");

    private final Http1ServerConnection connection;
    private final Channel channel;
    private final ListenerConfig listener;
    private final ClientLimits limits;
    private final @Nullable String serverName;
    private long idleSince = System.nanoTime();
    private long headSince;
    private @Nullable DeadlineHolder holder;
    private boolean isEnding;

    ClientConnection(Http1ServerConnection connection, ListenerConfig listener, ClientLimits limits) {
        this.connection = connection;
        this.channel = connection.channel();
        this.listener = listener;
        this.limits = limits;
        this.serverName = oddName(channel).orElseGet(() -> serverName(connection.sslSession()));
        channel.attr(KEY).set(this);
    }

    /** A name that the session could not tell. */
    private static Optional<String> oddName(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && tls.engine() instanceof OddNameEngine chosen ? chosen.oddName() : Optional.empty();
    }

    private static @Nullable String serverName(@Nullable SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) {
            return null;
        }
        for (SNIServerName name : extended.getRequestedServerNames()) {
            if (name.getType() == StandardConstants.SNI_HOST_NAME) {
                return new String(name.getEncoded(), StandardCharsets.US_ASCII);
            }
        }
        return null;
    }

    /** The connection that a request came on. */
    public static ClientConnection of(HttpConnection connection) {
        return ((Http1ServerConnection) connection).channel().attr(KEY).get();
    }

    public ListenerConfig listener() {
        return listener;
    }

    /** The name that the client asked for in its TLS handshake; null without TLS or without one. */
    public @Nullable String serverName() {
        return serverName;
    }

    /** The socket address at the other end. */
    public SocketAddress remote() {
        return channel.remoteAddress();
    }

    void headBegins() {
        if (headSince == 0) {
            headSince = System.nanoTime();
        }
    }

    void headEnds() {
        headSince = 0;
    }

    /** The connection is busy with this until {@link #free}. */
    public void occupy(DeadlineHolder with) {
        holder = with;
    }

    public void free() {
        holder = null;
        idleSince = System.nanoTime();
        if (isEnding) {
            // Later, so that whoever resets the connection comes first.
            channel.eventLoop().execute(connection::close);
        }
    }

    /** Lets the answer under way, or else the next one, be the last. */
    void lastCall() {
        isEnding = true;
    }

    /** Lets the answer under way be the last one; without one the connection ends now. */
    public void endSoon() {
        isEnding = true;
        if (holder == null) {
            connection.close();
        }
    }

    /** Sends an answer that comes before the answer, if the client takes it without waiting. */
    public void send(int status, String reason, MultiMap headers) {
        if (!channel.isWritable()) {
            return;
        }
        var answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, new HttpResponseStatus(status, reason), Unpooled.EMPTY_BUFFER);
        headers.forEach(field -> answer.headers().add(field.getKey(), field.getValue()));
        connection.writeToChannel(answer);
    }

    /** Runs the action on the connection's event loop, after what is at work there. */
    public void later(Runnable action) {
        channel.eventLoop().execute(action);
    }

    /** Runs the action when the connection has ended, at once if it has. */
    public void whenClosed(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    /** What others keep for the connection as long as it stands. */
    public <T> Attribute<T> attribute(AttributeKey<T> key) {
        return channel.attr(key);
    }

    /** Hands the channel over to who carries something else than HTTP on it. */
    public <T> T takeOver(Function<Channel, T> by) {
        return by.apply(channel);
    }

    /** Tells the client that nothing more comes, behind what is queued for it. */
    public void endOutput() {
        SocketAbort.endOutput(channel);
    }

    /** Whether the answer under way is the last one, and should say so. */
    public boolean isEnding() {
        return isEnding;
    }

    /** Ends the connection at once, whatever is queued for it. */
    public void close() {
        SocketAbort.close(channel);
    }

    /** Ends the connection so that the client cannot take what it has received for a complete answer. */
    public void reset() {
        SocketAbort.reset(channel);
    }

    void expire(long nowNanos) {
        if (holder != null) {
            holder.expire(nowNanos);
            return;
        }
        if (headSince != 0 ? isOver(headSince, nowNanos, limits.head()) : isOver(idleSince, nowNanos, limits.idle())) {
            SocketAbort.close(channel);
        }
    }

    private static boolean isOver(long since, long now, Duration limit) {
        return now - since > limit.toNanos();
    }
}
