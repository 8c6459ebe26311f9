package io.anycastle.app.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loopback address by which this node's Hazelcast knows another node: whatever connects there is carried to that node. */
final class Door {
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);

    /** What all doors of a node share. */
    record Surroundings(
            Vertx vertx, Dialer dialer, Connections connections, TunnelCounters counters, Told told, Duration retry) {}

    private final Surroundings around;
    private final InetAddress self;
    private final int port;
    private volatile NodeEntry peer;
    private volatile NetServer server;
    private volatile boolean isClosed;

    /** @param self by what address this node's Hazelcast connects; nobody else is let in */
    Door(Surroundings around, InetAddress self, int port, NodeEntry peer) {
        this.around = around;
        this.self = self;
        this.port = port;
        this.peer = peer;
        this.server = fresh();
    }

    private NetServer fresh() {
        return around.vertx()
                .createNetServer(new NetServerOptions().setReuseAddress(true))
                .connectHandler(this::accept);
    }

    NodeEntry peer() {
        return peer;
    }

    /** The node may have moved. */
    void leadsTo(NodeEntry changed) {
        peer = changed;
    }

    /** Tries again until it is open or closed. */
    void open() {
        String host = MemberAddresses.knownBy(peer.number()).getHostAddress();
        server.listen(port, host).onFailure(failure -> {
            around.told()
                    .warn("node " + peer.id() + " cannot be connected to: its local address " + host + ":" + port
                            + " cannot be opened: " + failure.getMessage());
            around.vertx().setTimer(around.retry().toMillis(), again -> {
                if (!isClosed) {
                    server = fresh();
                    open();
                }
            });
        });
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
                .onFailure(failure -> fail(to, failure, local));
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

    private void fail(NodeEntry to, Throwable failure, NetSocket local) {
        around.counters().failed.increment();
        around.told().warn("node " + to.id() + " at " + to.address() + " " + failure.getMessage());
        local.close();
    }

    Future<?> close() {
        isClosed = true;
        around.connections().cut(peer.id());
        return server.close();
    }
}
