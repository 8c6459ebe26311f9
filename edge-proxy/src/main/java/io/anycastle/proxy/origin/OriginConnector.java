package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.EpollRegistration;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;

/** Makes connections to origins: TCP, and TLS on it where the target asks for that. Belongs to its event loop. */
final class OriginConnector {
    /** What becomes of an attempt. */
    interface Outcome {
        /** @param isHttp2 whether HTTP/2 is spoken on it */
        void connected(Channel channel, boolean isHttp2);

        void failed(Throwable failure);
    }

    private static final int READ_FIRST = 2 * 1024;
    private static final int READ_MIN = 512;
    private static final int READ_MAX = 128 * 1024;
    private static final int WRITE_LOW = 64 * 1024;
    private static final int WRITE_HIGH = 256 * 1024;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final OriginSecurity security;
    private final long handshakeTimeoutMs;

    OriginConnector(
            EventLoop loop, ChannelFactory<? extends Channel> channels, OriginConfig config, OriginSecurity security) {
        this.loop = loop;
        this.security = security;
        this.handshakeTimeoutMs = config.handshakeTimeout().toMillis();
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> {
                    Channel channel = channels.newChannel();
                    EpollRegistration.keep(channel);
                    return channel;
                })
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        config.connectTimeout().toMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(READ_MIN, READ_FIRST, READ_MAX))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(WRITE_LOW, WRITE_HIGH));
    }

    /** Begins to connect; the channel may be closed at any time, which is a failure then. */
    Channel connect(OriginTarget target, OriginWire wire, Outcome outcome) {
        Attempt attempt = new Attempt(target, wire, outcome);
        ChannelFuture connecting =
                bootstrap.clone().handler(attempt).connect(new InetSocketAddress(target.address(), target.port()));
        connecting.addListener(done -> {
            if (loop.inEventLoop()) {
                attempt.connected(connecting);
            } else {
                loop.execute(() -> attempt.connected(connecting)); // there was no socket left, and so no loop
            }
        });
        return connecting.channel();
    }

    /** Stands in a connection's pipeline until it can be used, and then goes out of it. */
    private final class Attempt extends ChannelInboundHandlerAdapter {
        private final OriginTarget target;
        private final OriginWire wire;
        private final Outcome outcome;
        private boolean isDone;

        Attempt(OriginTarget target, OriginWire wire, Outcome outcome) {
            this.target = target;
            this.wire = wire;
            this.outcome = outcome;
        }

        /** On the answer to SYN, or without one. */
        void connected(ChannelFuture tcp) {
            Channel channel = tcp.channel();
            if (!tcp.isSuccess()) {
                fail(channel, tcp.cause());
            } else if (target.peer().isPresent()) {
                secure(channel);
            } else {
                succeed(channel);
            }
        }

        private void secure(Channel channel) {
            try {
                SslHandler tls = security.to(target, channel.alloc());
                tls.setHandshakeTimeoutMillis(handshakeTimeoutMs);
                offer(tls.engine());
                channel.pipeline().addFirst(tls);
            } catch (SSLException e) {
                fail(channel, e);
            }
        }

        private void offer(SSLEngine engine) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(wire.alpn());
            engine.setSSLParameters(parameters);
        }

        private String chosen(Channel channel) {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            String chosen = tls == null ? null : tls.engine().getApplicationProtocol();
            return chosen == null ? "" : chosen;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake) || isDone) {
                return;
            }
            if (handshake.isSuccess()) {
                succeed(context.channel());
            } else {
                fail(context.channel(), ofTls(handshake.cause()));
            }
        }

        private static SSLException ofTls(Throwable cause) {
            SSLException failure = new SSLHandshakeException("no TLS with the origin");
            failure.initCause(cause);
            return failure;
        }

        private void succeed(Channel channel) {
            if (!channel.isActive()) {
                fail(channel, new ClosedChannelException());
                return;
            }
            isDone = true;
            channel.pipeline().remove(this);
            outcome.connected(channel, wire.isHttp2(target.scheme().isTls(), chosen(channel)));
        }

        private void fail(Channel channel, Throwable failure) {
            if (!isDone) {
                isDone = true;
                if (channel.isOpen()) {
                    channel.close();
                }
                outcome.failed(failure);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // the end of the handshake tells it
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (target.peer().isPresent()) {
                fail(context.channel(), ofTls(new ClosedChannelException()));
            }
        }
    }
}
