package io.anycastle.app.cluster;

import io.anycastle.app.config.HostPort;
import io.anycastle.core.limit.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that carries connections between this node and the others: one server, and a forwarder to each. Its methods are for one thread. */
final class ClusterTunnel {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterTunnel.class);

    private final Parts parts;
    private final MembershipView view;
    private final TunnelServer server;
    private final Dialer dialer;
    private final TunnelConnections connections = new TunnelConnections();
    private final LoopbackForwarder.Dependencies shared;
    private final int memberPort;
    private final ClusterConfig config;
    private final Map<String, LoopbackForwarder> forwarders = new ConcurrentHashMap<>();
    private boolean isWarm;

    /** What a tunnel works with. */
    record Parts(
            Vertx vertx,
            MembershipView view,
            ClusterConfig config,
            JoinService joins,
            TunnelCounters counters,
            InstantSource clock) {
        Dialer dialer() {
            return new Dialer(vertx, view, new Dialer.Patience(config.connect(), config.handshake()), clock);
        }
    }

    /**
     * @param listen where the server listens
     * @param member where this node's Hazelcast listens
     * @param memberPort the port of all members' loopback addresses
     */
    ClusterTunnel(Parts parts, HostPort listen, InetSocketAddress member, int memberPort) {
        this.view = parts.view();
        this.config = parts.config();
        this.memberPort = memberPort;
        RateLimitedLog told = new RateLimitedLog(LOG, parts.clock());
        this.parts = parts;
        this.dialer = parts.dialer();
        this.server = new TunnelServer(
                new TunnelServer.Settings(listen, config.handshake(), config.connectionsMax(), member),
                new TunnelServer.Dependencies(
                        parts.vertx(), view, parts.joins(), connections, parts.counters(), told, parts.clock()));
        this.shared = new LoopbackForwarder.Dependencies(
                parts.vertx(), dialer, connections, parts.counters(), told, config.retry());
    }

    /** Opens the server; fails when something else has its address. Blocks for the warm-up the first time, not for the server. */
    Future<?> open() {
        if (!isWarm) {
            isWarm = true; // also where the server cannot be opened yet, and is tried again
            TunnelWarmUp.of(parts, config.handshake());
        }
        return server.open();
    }

    /** A forwarder to each member, none to others, and no connection with a node that was removed. */
    void follow(MemberList memberList) {
        InetAddress self = MemberAddresses.knownBy(view.self().number());
        boolean isSelfRemoved =
                memberList.node(view.self().id()).filter(NodeEntry::isRemoved).isPresent();
        for (NodeEntry node : memberList.nodes().values()) {
            if (node.id().equals(view.self().id())) {
                continue;
            }
            if (node.isRemoved() || isSelfRemoved) {
                close(node);
            } else {
                LoopbackForwarder known = forwarders.get(node.id());
                if (known != null && known.peer().number() == node.number()) {
                    known.leadsTo(node);
                } else {
                    close(node);
                    LoopbackForwarder forwarder = new LoopbackForwarder(shared, self, memberPort, node);
                    forwarders.put(node.id(), forwarder);
                    forwarder.open();
                }
            }
        }
    }

    /** Waits until each member was tried once, and its forwarder opened if it answered; at most that long. Blocks. */
    void awaitFirstTries(Duration patience) {
        CompletableFuture<?>[] tries =
                forwarders.values().stream().map(LoopbackForwarder::firstTry).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(tries).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("not all members were tried yet", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(NodeEntry node) {
        LoopbackForwarder forwarder = forwarders.remove(node.id());
        if (forwarder != null) {
            forwarder.close();
        }
        connections.cut(node.id());
    }

    boolean isConnected(String node) {
        return connections.has(node);
    }

    /** Asks all members at once what they know of the network; returns when one has answered, all have failed, or the time is up. Blocks. */
    Map<String, String> askOthers(MemberList memberList, Duration patience) throws InterruptedException {
        List<NodeEntry> others = memberList.members().stream()
                .filter(node -> !node.id().equals(view.self().id()))
                .toList();
        CountDownLatch first = new CountDownLatch(1);
        List<CompletableFuture<Map<String, String>>> answers = new ArrayList<>();
        for (NodeEntry other : others) {
            CompletableFuture<Map<String, String>> answer =
                    dialer.nodes(other).toCompletionStage().toCompletableFuture();
            answer.whenComplete((documents, failure) -> {
                if (failure == null) {
                    first.countDown();
                } else {
                    LOG.debug("node {} {}", other.id(), failure.getMessage());
                }
            });
            answers.add(answer);
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((done, failure) -> first.countDown());
        if (!first.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("no member has answered yet");
        }
        Map<String, String> newest = view.documents();
        for (CompletableFuture<Map<String, String>> answer : answers) {
            if (answer.isDone() && !answer.isCompletedExceptionally()) {
                newest = Versions.newest(newest, answer.join());
            }
        }
        return newest;
    }

    Future<?> close() {
        connections.cutAll();
        List<Future<?>> closing = new ArrayList<>();
        forwarders.values().forEach(forwarder -> closing.add(forwarder.close()));
        closing.add(server.close());
        closing.add(dialer.close());
        return Future.join(closing).eventually(parts.vertx()::close);
    }
}
