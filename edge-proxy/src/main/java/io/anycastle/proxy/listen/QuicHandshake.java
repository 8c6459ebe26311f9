package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.tls.TlsSession;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicTransportError;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a client's QUIC connection: waits for the handshake, after which the client has proved its address, and lets the
 * connection speak HTTP/3 then. Belongs to its event loop.
 */
final class QuicHandshake extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(QuicHandshake.class);

    private final QuicLoop of;
    private @Nullable String serverName;
    private @Nullable Http3ClientConnection connection;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean isShaking;

    QuicHandshake(QuicLoop of) {
        this.of = of;
    }

    @Override
    public void channelRegistered(ChannelHandlerContext context) {
        QuicChannel quic = (QuicChannel) context.channel();
        if (!of.begins()) {
            quic.close(); // without a word: a client that tries again may reach another node
            return;
        }
        isShaking = true;
        deadline = context.executor()
                .schedule(
                        () -> fail(quic), of.connections().limits().handshake().toNanos(), TimeUnit.NANOSECONDS);
        context.fireChannelRegistered();
    }

    private void fail(QuicChannel quic) {
        if (isShaking) {
            quic.close(false, (int) QuicTransportError.NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
        }
    }

    private void shaken(Event outcome) {
        if (isShaking) {
            isShaking = false;
            of.connections().counters().count(outcome);
            of.shaken();
        }
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SniCompletionEvent told) {
            serverName = told.hostname();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        shaken(Event.TLS_HANDSHAKES_13);
        QuicChannel quic = (QuicChannel) context.channel();
        if (!(quic.remoteSocketAddress() instanceof InetSocketAddress remote)) {
            quic.close();
            return;
        }
        LoopConnections loop = of.connections();
        loop.counters().count(Event.CONNECTIONS);
        if (!of.limiter().enter(remote.getAddress(), quic)) {
            loop.counters().count(Event.CONNECTIONS_REFUSED);
            quic.close(false, (int) QuicTransportError.CONNECTION_REFUSED.code(), Unpooled.EMPTY_BUFFER);
            return;
        }
        loop.counters().count(Event.HTTP3_CONNECTIONS);
        var begun = new Http3ClientConnection(
                quic, of.listener(), loop, new TlsSession("TLSv1.3", serverName, "h3", false));
        connection = begun;
        context.pipeline().addLast("http3", begun.codec());
        loop.opened(begun);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Http3ClientConnection ended = connection;
        connection = null;
        if (ended != null) {
            of.connections().closed(ended);
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext context) {
        shaken(Event.TLS_HANDSHAKES_FAILED);
        context.fireChannelUnregistered();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("A QUIC connection failed", cause);
        } else {
            LOG.debug("A QUIC handshake failed", cause);
        }
    }
}
