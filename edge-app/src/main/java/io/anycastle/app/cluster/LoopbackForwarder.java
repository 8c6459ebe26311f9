package io.anycastle.app.cluster;

import io.anycastle.core.limit.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loopback address by which this node's Hazelcast knows another node: whatever connects there is carried to that node. It is open only
 * while that node answers: Hazelcast takes an address that it can connect to for a member that is about to answer, and waits for it.
 */
final class LoopbackForwarder {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackForwarder.class);

    /** How long a connection that leads nowhere is kept: Hazelcast makes a new one as soon as the last is closed, thousands in a second. */
    private static final long HOLD_MS = 250;

    /** What all forwarders of a node share. */
    record Dependencies(
            Vertx vertx,
            Dialer dialer,
            TunnelConnections connections,
            TunnelCounters counters,
            RateLimitedLog told,
            Duration retry) {}

    private final Dependencies around;
    private final InetAddress self;
    private final int port;
    private final CompletableFuture<Void> firstTry = new CompletableFuture<>();
    private volatile NodeEntry peer;
    /** Open, or about to be; null while the peer does not answer. Guarded by this. */
    private @Nullable NetServer server;

    private volatile boolean isClosed;

    /** @param self by what address this node's Hazelcast connects; nobody else is let in */
    LoopbackForwarder(Dependencies around, InetAddress self, int port, NodeEntry peer) {
        this.around = around;
        this.self = self;
        this.port = port;
        this.peer = peer;
    }

    NodeEntry peer() {
        return peer;
    }

    /** The node may have moved. */
    void leadsTo(NodeEntry changed) {
        peer = changed;
    }

    /** Opens as soon as the peer answers, unless closed. */
    void open() {
        NodeEntry to = peer;
        around.dialer().nodes(to).onSuccess(answered -> listen()).onFailure(failure -> {
            tell(to, failure);
            firstTry.complete(null);
            later();
        });
    }

    /** Whether the peer was tried once, and the forwarder opened if it answered. */
    CompletableFuture<Void> firstTry() {
        return firstTry;
    }

    private void later() {
        around.vertx().setTimer(around.retry().toMillis(), again -> {
            if (!isClosed) {
                open();
            }
        });
    }

    private synchronized void listen() {
        if (isClosed || server != null) {
            return;
        }
        String host = MemberAddresses.knownBy(peer.number()).getHostAddress();
        NetServer fresh = around.vertx()
                .createNetServer(new NetServerOptions().setReuseAddress(true))
                .connectHandler(this::accept);
        server = fresh;
        fresh.listen(port, host)
                .onComplete(listening -> firstTry.complete(null))
                .onFailure(failure -> {
                    around.told()
                            .warn("node " + peer.id() + " cannot be connected to: its local address " + host + ":"
                                    + port + " cannot be opened: " + failure.getMessage());
                    shut();
                });
    }

    /** Until the peer answers again; not while anything is carried, which would end with it. */
    private synchronized void shut() {
        NetServer open = server;
        if (open != null && !around.connections().has(peer.id())) {
            server = null;
            open.close().onComplete(closed -> later());
        }
    }

    private void accept(NetSocket local) {
        local.pause();
        if (!local.remoteAddress().hostAddress().equals(self.getHostAddress())) {
            around.told()
                    .warn("a connection from " + local.remoteAddress() + " to the cluster's local address was closed:"
                            + " only this node's own member connects there");
            around.counters().refused.increment();
            local.close();
            return;
        }
        AtomicBoolean isGone = Splice.watch(local);
        NodeEntry to = peer;
        around.dialer()
                .member(to)
                .onSuccess(tunnel -> carry(to, tunnel, local, isGone))
                .onFailure(failure -> {
                    tell(to, failure);
                    around.vertx().setTimer(HOLD_MS, held -> {
                        local.close();
                        shut();
                    });
                });
    }

    private void carry(NodeEntry to, NetSocket tunnel, NetSocket local, AtomicBoolean isGone) {
        around.counters().out.increment();
        LOG.debug("connected to node {} at {}", to.id(), to.address());
        Splice splice = new Splice(tunnel, local, around.counters());
        around.connections().run(to.id(), splice);
        if (isGone.get() || isClosed) {
            splice.cut();
        }
    }

    private void tell(NodeEntry to, Throwable failure) {
        around.counters().failed.increment();
        around.told().warn("node " + to.id() + " at " + to.address() + " " + failure.getMessage());
    }

    Future<?> close() {
        NetServer open;
        synchronized (this) {
            isClosed = true;
            open = server;
        }
        around.connections().cut(peer.id());
        return open == null ? Future.succeededFuture() : open.close();
    }
}
