package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters.Event;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The JDK's TLS for an HTTP server, which counts a connection from its accept until its channel is closed, whatever was spoken and whoever
 * closed it, and refuses it before TLS costs anything.
 *
 * <p>Vert.x tells of an HTTP connection only once TLS is spoken, so that who says nothing would never be counted, and takes no channel that
 * another server accepted. What it lets be replaced ({@code io.vertx.core.spi.tls}) is what makes its TLS handlers, and these see a
 * connection first: they are put into its pipeline while it is accepted.
 */
final class CountedTls extends JdkSSLEngineOptions {
    private final Listeners.Streams streams;

    CountedTls(Listeners.Streams streams) {
        this.streams = streams;
    }

    private CountedTls(CountedTls other) {
        super(other);
        streams = other.streams;
    }

    /** Vert.x copies what it is given. */
    @Override
    public CountedTls copy() {
        return new CountedTls(this);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new DefaultSslContextFactory(SslProvider.JDK, false) {
            @Override
            public SslContext create() throws SSLException {
                return new CountingContext(super.create());
            }
        };
    }

    /** Makes handlers that count. */
    private final class CountingContext extends DelegatingSslContext {
        CountingContext(SslContext counted) {
            super(counted);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            // As the counted context made it.
        }

        @Override
        protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls, Executor tasks) {
            return new Counting(newEngine(allocator), startTls, tasks);
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls, Executor tasks) {
            return new Counting(newEngine(allocator, peerHost, peerPort), startTls, tasks);
        }
    }

    /** One connection's TLS; on its event loop. */
    private final class Counting extends SslHandler {
        Counting(SSLEngine engine, boolean startTls, Executor tasks) {
            super(engine, startTls, tasks);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) throws Exception {
            super.handlerAdded(context);
            if (!(context.channel().remoteAddress() instanceof InetSocketAddress remote)) {
                context.close(); // gone already
                return;
            }
            InetAddress client = remote.getAddress();
            if (!streams.connections().enter(client)) {
                context.close(); // from below TLS, which would say goodbye first
                return;
            }
            context.channel()
                    .closeFuture()
                    .addListener(_ -> streams.connections().leave(client));
            handshakeFuture().addListener(shaken -> {
                if (!shaken.isSuccess()) {
                    streams.counters().count(Event.TLS_FAILED);
                } else if (ApplicationProtocolNames.HTTP_2.equals(applicationProtocol())) {
                    expectSettings(context);
                }
            });
        }

        /** Vert.x tells of an HTTP/2 connection, and {@link DohListener} sees to it, when its client's settings have come: in time. */
        private void expectSettings(ChannelHandlerContext context) {
            var due = context.executor()
                    .schedule(
                            () -> closeUnlessSettled(context),
                            streams.connections().idleNanos(),
                            TimeUnit.NANOSECONDS);
            context.channel().closeFuture().addListener(_ -> due.cancel(false));
        }

        private void closeUnlessSettled(ChannelHandlerContext context) {
            Http2ConnectionHandler http2 = context.pipeline().get(Http2ConnectionHandler.class);
            if (http2 != null && !http2.decoder().prefaceReceived()) {
                streams.counters().count(Event.TCP_IDLE);
                context.close();
            }
        }
    }
}
