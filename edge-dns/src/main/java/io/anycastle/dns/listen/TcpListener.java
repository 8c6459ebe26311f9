package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.TcpConfig;
import io.anycastle.dns.answer.Asker;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.Transport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** DNS over TCP (RFC 7766) on one address and event loop. */
final class TcpListener implements Listener {
    private static final int IDLE_CHECKS_PER_TIMEOUT = 4;

    private final InetSocketAddress address;
    private final TcpConfig config;
    private final DnsCounters counters;
    private final AtomicInteger open;
    private final Set<TcpSession> sessions = new HashSet<>();
    private final TcpSession.Scratch scratch;
    private @Nullable NetServer server;

    /**
     * @param open how many connections there are, over all listeners
     */
    TcpListener(
            InetSocketAddress address,
            TcpConfig config,
            Responder responder,
            DnsCounters counters,
            AtomicInteger open) {
        this.address = address;
        this.config = config;
        this.counters = counters;
        this.open = open;
        scratch = new TcpSession.Scratch(responder, config.queryBytesMax());
    }

    @Override
    public Future<?> open(Context context) {
        NetServer listening = context.owner()
                .createNetServer(new NetServerOptions().setTcpNoDelay(true))
                .connectHandler(this::connected)
                .exceptionHandler(_ -> {});
        server = listening;
        long checkMs = Math.max(10, config.idleTimeout().toMillis() / IDLE_CHECKS_PER_TIMEOUT);
        context.owner().setPeriodic(checkMs, _ -> closeIdle());
        return listening
                .listen(SocketAddress.inetSocketAddress(
                        address.getPort(), address.getAddress().getHostAddress()))
                .recover(e -> Future.failedFuture(
                        e instanceof IOException refused
                                ? new IOException(ListenAddresses.refusal(address, refused), refused)
                                : e));
    }

    private void connected(NetSocket socket) {
        if (open.incrementAndGet() > config.connectionsMax()) {
            open.decrementAndGet();
            counters.tcpRefused();
            socket.close();
            return;
        }
        counters.tcpConnected();
        socket.setWriteQueueMaxSize(config.writeQueueBytesMax());
        TcpSession session = new TcpSession(socket, asker(socket), scratch);
        sessions.add(session);
        socket.handler(session::received);
        socket.exceptionHandler(_ -> socket.close());
        socket.closeHandler(_ -> {
            open.decrementAndGet();
            sessions.remove(session);
        });
    }

    private static Asker asker(NetSocket socket) {
        Asker asker = new Asker(Transport.TCP);
        asker.set(
                InetAddress.ofLiteral(socket.remoteAddress().hostAddress()),
                socket.remoteAddress().port());
        return asker;
    }

    /** One rule for the idle, the half-sent and the never-reading: a query must be completed in time. */
    private void closeIdle() {
        long now = System.nanoTime();
        for (TcpSession session : List.copyOf(sessions)) {
            if (now - session.lastQueryNanos() > config.idleTimeout().toNanos()) {
                counters.tcpIdle();
                session.close();
            }
        }
    }

    @Override
    public Future<?> close(Context context) {
        NetServer listening = server;
        return listening == null ? Future.succeededFuture() : listening.close();
    }
}
