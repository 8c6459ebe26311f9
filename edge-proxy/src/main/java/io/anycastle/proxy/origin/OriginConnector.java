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
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

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
    private static final int STRAYS_MAX = 3;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final OriginSecurity security;
    private final long handshakeTimeoutMs;
    private final long attemptDelayNanos;
    private final ConnectHistory history = new ConnectHistory();
    private boolean isStopped;

    OriginConnector(
            EventLoop loop, ChannelFactory<? extends Channel> channels, OriginConfig config, OriginSecurity security) {
        this.loop = loop;
        this.security = security;
        this.handshakeTimeoutMs = config.handshakeTimeout().toMillis();
        this.attemptDelayNanos = config.attemptDelay().toNanos();
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

    /** Begins no more attempts beside those that run. */
    void stop() {
        isStopped = true;
    }

    /**
     * Begins to connect.
     *
     * @param header what the connection begins with; null for nothing
     * @param begun hears of each channel that is made for it, which may be closed at any time; that is a failure then
     */
    void connect(
            OriginTarget target,
            OriginWire wire,
            @Nullable ProxyHeader header,
            Consumer<Channel> begun,
            Outcome outcome) {
        new Race(target, wire, header, begun, outcome).begin();
    }

    /**
     * The addresses of a target, tried one beside the other until the first has answered (RFC 8305 section 5): the target's own first,
     * those of the other family when it has failed or is slow, or at once where it was lately.
     */
    private final class Race {
        private final OriginTarget target;
        private final OriginWire wire;
        private final @Nullable ProxyHeader header;
        private final Consumer<Channel> begun;
        private final Outcome outcome;
        private final Iterator<InetAddress> others;
        private final Map<Channel, InetAddress> running = new LinkedHashMap<>();
        private @Nullable ScheduledFuture<?> next;
        private @Nullable Throwable failure;
        private int strays;
        /** Whether it is decided, one way or the other. */
        private boolean isDecided;

        Race(
                OriginTarget target,
                OriginWire wire,
                @Nullable ProxyHeader header,
                Consumer<Channel> begun,
                Outcome outcome) {
            this.target = target;
            this.wire = wire;
            this.header = header;
            this.begun = begun;
            this.outcome = outcome;
            this.others = others(target);
        }

        /** Those that there is no doubt about; who is asked for by itself is asked in any case. */
        private Iterator<InetAddress> others(OriginTarget of) {
            if (of.others().isEmpty()) {
                return Collections.emptyIterator();
            }
            long now = System.nanoTime();
            return of.others().stream()
                    .filter(address -> !history.isDoubtful(address, now))
                    .iterator();
        }

        void begin() {
            boolean isDoubtful = others.hasNext() && history.isDoubtful(target.address(), System.nanoTime());
            attempt(target.address());
            if (isDoubtful) {
                attemptNext();
            } else {
                waitForNext();
            }
        }

        private void waitForNext() {
            if (others.hasNext() && !isDecided) {
                next = loop.schedule(this::attemptNext, attemptDelayNanos, TimeUnit.NANOSECONDS);
            }
        }

        private void attemptNext() {
            if (next != null) {
                next.cancel(false);
            }
            if (others.hasNext() && !isDecided && !isStopped) {
                attempt(others.next());
                waitForNext();
            }
        }

        private void attempt(InetAddress address) {
            Attempt attempt = new Attempt(target, wire, header, outcome);
            ChannelFuture connecting =
                    bootstrap.clone().handler(attempt).connect(new InetSocketAddress(address, target.port()));
            running.put(connecting.channel(), address);
            begun.accept(connecting.channel());
            connecting.addListener(done -> {
                if (loop.inEventLoop()) {
                    answered(attempt, connecting);
                } else {
                    loop.execute(() -> answered(attempt, connecting)); // there was no socket left, and so no loop
                }
            });
        }

        /** On the answer to SYN, or without one. */
        private void answered(Attempt attempt, ChannelFuture tcp) {
            InetAddress address = running.remove(tcp.channel());
            if (isDecided || address == null) {
                attempt.abandon(tcp.channel());
            } else if (tcp.isSuccess()) {
                win(address);
                attempt.connected(tcp.channel());
            } else if (isStray(tcp) && strays < STRAYS_MAX && !isStopped) {
                strays++;
                attempt(address);
            } else {
                lose(address, tcp);
            }
        }

        /**
         * Whether the socket was closed before SYN was sent, which nobody here does. Netty's epoll gives what it has heard of a socket that was
         * closed meanwhile to the one that has its number now, and ends one that is not connected yet by a reset of the other.
         */
        private static boolean isStray(ChannelFuture tcp) {
            return tcp.cause() instanceof ClosedChannelException;
        }

        private void win(InetAddress address) {
            isDecided = true;
            history.connected(address);
            if (next != null) {
                next.cancel(false);
            }
            long now = System.nanoTime();
            List.copyOf(running.values()).forEach(slower -> history.failed(slower, now));
            List.copyOf(running.keySet()).forEach(Channel::close);
        }

        private void lose(InetAddress address, ChannelFuture tcp) {
            history.failed(address, System.nanoTime());
            if (tcp.channel().isOpen()) {
                tcp.channel().close();
            }
            Throwable told = failure == null || address.equals(target.address()) ? tcp.cause() : failure;
            failure = told;
            attemptNext();
            if (running.isEmpty() && !isDecided) {
                isDecided = true;
                outcome.failed(told);
            }
        }
    }

    /** Stands in a connection's pipeline until it can be used, and then goes out of it. */
    private final class Attempt extends ChannelInboundHandlerAdapter {
        private final OriginTarget target;
        private final OriginWire wire;
        private final @Nullable ProxyHeader header;
        private final Outcome outcome;
        private boolean isDone;

        Attempt(OriginTarget target, OriginWire wire, @Nullable ProxyHeader header, Outcome outcome) {
            this.target = target;
            this.wire = wire;
            this.header = header;
            this.outcome = outcome;
        }

        /** TCP is connected. */
        void connected(Channel channel) {
            if (header != null) {
                header.sendOn(channel);
            }
            if (target.peer().isPresent()) {
                secure(channel);
            } else {
                succeed(channel);
            }
        }

        /** Another was faster. */
        void abandon(Channel channel) {
            isDone = true;
            channel.close();
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
