package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters.Event;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;

/**
 * TLS for an HTTP server, which counts a connection from its accept until its channel is closed, whatever was spoken and whoever
 * closed it, and refuses it before TLS costs anything.
 *
 * <p>Vert.x tells of an HTTP connection only once TLS is spoken, so that who says nothing would never be counted, and takes no channel that
 * another server accepted. What it lets be replaced ({@code io.vertx.core.spi.tls}) is what makes its TLS handlers, and these see a
 * connection first: they are put into its pipeline while it is accepted.
 */
final class CountedTls extends AnyNameTls {
    private final Listeners.Streams streams;

    CountedTls(Optional<SslContext> lenient, Listeners.Streams streams) {
        super(lenient);
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
    SslHandler handler(SSLEngine engine, boolean startTls, Executor tasks) {
        return new Counting(engine, startTls, tasks);
    }

    /** One connection's TLS; on its event loop. */
    private final class Counting extends Chosen {
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
