package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last handler of a client's channel: hands what the channel tells to the connection, once it may speak HTTP. */
final class ClientHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ClientHandler.class);

    /** What a client of HTTP/2 says first (RFC 9113 section 3.4); no request of HTTP/1 begins so. */
    private static final byte[] PREFACE = {'P', 'R', 'I'};

    private final ListenerConfig listener;
    private final LoopConnections loop;
    private @Nullable Http1Connection connection;
    /** Less than the preface, and what it may become. */
    private @Nullable ByteBuf start;

    private boolean isDecided;
    private boolean isShaking;

    ClientHandler(ListenerConfig listener, LoopConnections loop) {
        this.listener = listener;
        this.loop = loop;
        this.isShaking = listener.isTls();
        this.isDecided = listener.isTls() || !listener.speaksHttp2();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!listener.isTls()) {
            begin(context, null);
        }
        context.fireChannelActive();
    }

    private void begin(ChannelHandlerContext context, @Nullable TlsSession tls) {
        Http1Connection begun = new Http1Connection(context, listener, loop, tls);
        connection = begun;
        loop.opened(begun);
    }

    private void beginHttp2(ChannelHandlerContext context, @Nullable TlsSession tls) {
        Http1Connection before = connection;
        connection = null;
        if (before != null) {
            before.closed();
            loop.closed(before);
        }
        Http2ClientConnection begun = new Http2ClientConnection(context.channel(), listener, loop, tls);
        context.pipeline().replace(this, "http2", Http2Handler.of(begun, loop));
        loop.opened(begun);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (connection != null) {
            connection.event(event);
        } else if (event instanceof TlsSession session) {
            shaken(context, session);
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                shaken(context, ListenerTls.session(context.pipeline().get(SslHandler.class)));
            } else {
                LOG.debug("A TLS handshake failed", handshake.cause());
            }
        }
    }

    private void shaken(ChannelHandlerContext context, TlsSession session) {
        isShaking = false;
        loop.counters().count(session.version().equals("TLSv1.3") ? Event.TLS_HANDSHAKES_13 : Event.TLS_HANDSHAKES_12);
        if (session.isResumed()) {
            loop.counters().count(Event.TLS_RESUMED);
        }
        if (ListenerTls.isHttp2(session)) {
            beginHttp2(context, session);
        } else {
            begin(context, session);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Http1Connection reads = connection;
        if (reads == null || !(message instanceof ByteBuf octets)) {
            ReferenceCountUtil.release(message);
            return;
        }
        ByteBuf begun = isDecided ? octets : begun(context, octets);
        if (isDecided) {
            reads.read(begun);
        } else if (mayBePreface(begun)) {
            decide(context, reads, begun);
        } else {
            isDecided = true;
            reads.read(begun);
        }
    }

    private void decide(ChannelHandlerContext context, Http1Connection reads, ByteBuf begun) {
        if (begun.readableBytes() < PREFACE.length) {
            start = begun;
            reads.headBegins();
        } else {
            beginHttp2(context, null);
            context.fireChannelRead(begun);
        }
    }

    private ByteBuf begun(ChannelHandlerContext context, ByteBuf octets) {
        ByteBuf before = start;
        start = null;
        if (before == null) {
            return octets;
        }
        return context.alloc().compositeBuffer(2).addComponents(true, before, octets);
    }

    private static boolean mayBePreface(ByteBuf begun) {
        for (int i = 0; i < Math.min(PREFACE.length, begun.readableBytes()); i++) {
            if (begun.getByte(begun.readerIndex() + i) != PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (connection != null) {
            connection.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (connection != null) {
            connection.writabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ReferenceCountUtil.release(start);
        start = null;
        if (isShaking) {
            isShaking = false;
            loop.counters().count(Event.TLS_HANDSHAKES_FAILED);
        }
        Http1Connection ended = connection;
        if (ended != null) {
            ended.closed();
            loop.closed(ended);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.debug("A client's connection failed", cause);
        }
        SocketAbort.close(context.channel());
    }
}
