package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters.Event;
import io.anycastle.dns.answer.QuerySource;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.Transport;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * DNS over TCP (RFC 7766), bare or in TLS (RFC 7858), on one address: the share of one event loop. Instances of the same address share its
 * connections.
 */
final class TcpListener implements Listener {
    /**
     * How TLS is spoken.
     *
     * @param lenient for clients that ask by a name which the JDK takes for none
     */
    record Tls(ServerSSLOptions options, Optional<SslContext> lenient) {}

    private final InetSocketAddress address;
    private final Listeners.Streams streams;
    private final Responder responder;
    private final Optional<Tls> tls;
    private final Set<TcpSession> sessions = new HashSet<>();
    private @Nullable NetServer server;

    /**
     * @param tls what is spoken before DNS, if anything
     */
    TcpListener(InetSocketAddress address, Listeners.Streams streams, Responder responder, Optional<Tls> tls) {
        this.address = address;
        this.streams = streams;
        this.responder = responder;
        this.tls = tls;
    }

    @Override
    public Future<?> open(Context context) {
        TcpSession.Desk desk = new TcpSession.Desk(context.owner(), responder, streams);
        NetServer listening = context.owner()
                .createNetServer(options())
                .connectHandler(socket -> connected(socket, desk))
                .exceptionHandler(_ -> {});
        server = listening;
        streams.checkIdle(context.owner(), this::closeIdle);
        return ListenAddresses.told(address, listening.listen(ListenAddresses.inVertx(address)));
    }

    private NetServerOptions options() {
        NetServerOptions options =
                new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(Listeners.ACCEPT_BACKLOG);
        tls.ifPresent(spoken -> options.setSslEngineOptions(new AnyNameTls(spoken.lenient)));
        return options;
    }

    private void connected(NetSocket socket, TcpSession.Desk desk) {
        SocketAddress remote = socket.remoteAddress();
        if (remote == null || remote.hostAddress() == null) {
            socket.close(); // gone already
            return;
        }
        InetAddress client = InetAddress.ofLiteral(remote.hostAddress());
        if (!streams.connections().enter(client)) {
            socket.close();
            return;
        }
        QuerySource source = new QuerySource(tls.isPresent() ? Transport.DOT : Transport.TCP);
        source.set(client, remote.port());
        TcpSession session = new TcpSession(socket, source, desk);
        socket.exceptionHandler(_ -> socket.close());
        socket.closeHandler(_ -> {
            streams.connections().leave(client);
            sessions.remove(session);
            session.closed();
        });
        socket.setWriteQueueMaxSize(streams.config().writeQueueBytesMax());
        if (tls.isEmpty()) {
            streams.counters().count(Event.TCP_CONNECTIONS);
            begin(socket, session);
        } else {
            // Nothing is delivered before the handshake is over, so that nothing unencrypted is taken for a query.
            socket.pause();
            socket.upgradeToSsl(tls.get().options)
                    .onSuccess(_ -> {
                        streams.counters().count(Event.DOT_CONNECTIONS);
                        begin(socket, session);
                        socket.resume();
                    })
                    .onFailure(_ -> {
                        streams.counters().count(Event.TLS_FAILED);
                        socket.close();
                    });
        }
    }

    private void begin(NetSocket socket, TcpSession session) {
        sessions.add(session);
        socket.handler(session::received);
    }

    /** One rule for the idle, the half-sent and the never-reading: a query must be completed in time. */
    private void closeIdle() {
        long now = System.nanoTime();
        long idleNanos = streams.connections().idleNanos();
        for (TcpSession session : List.copyOf(sessions)) {
            if (now - session.lastQueryNanos() > idleNanos) {
                session.endIdle();
            }
        }
    }

    /** As long as its event loop lives, which is as long as anything does. */
    @Override
    public boolean isAnswering() {
        return true;
    }

    @Override
    public Future<?> close(Context context) {
        NetServer listening = server;
        if (listening == null) {
            return Future.succeededFuture();
        }
        long timer = context.owner()
                .setTimer(Listeners.LAST_ANSWERS_MS, _ -> List.copyOf(sessions).forEach(TcpSession::cutOff));
        return listening.close().onComplete(_ -> context.owner().cancelTimer(timer));
    }
}
