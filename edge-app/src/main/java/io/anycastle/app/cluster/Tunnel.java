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

/** All that carries connections between this node and the others: one gate, and a door to each. Its methods are for one thread. */
final class Tunnel {
    private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);

    private final Parts parts;
    private final Standing standing;
    private final Gate gate;
    private final Dialer dialer;
    private final Connections connections = new Connections();
    private final Door.Surroundings doorsShare;
    private final int memberPort;
    private final ClusterConfig config;
    private final Map<String, Door> doors = new ConcurrentHashMap<>();

    /** What a tunnel works with. */
    record Parts(
            Vertx vertx,
            Standing standing,
            ClusterConfig config,
            JoinDesk desk,
            TunnelCounters counters,
            InstantSource clock) {
        Dialer dialer() {
            return new Dialer(vertx, standing, new Dialer.Patience(config.connect(), config.handshake()), clock);
        }
    }

    /**
     * @param listen where the gate is
     * @param member where this node's Hazelcast listens
     * @param memberPort the port of all members' loopback addresses
     */
    Tunnel(Parts parts, HostPort listen, InetSocketAddress member, int memberPort) {
        this.standing = parts.standing();
        this.config = parts.config();
        this.memberPort = memberPort;
        RateLimitedLog told = new RateLimitedLog(LOG, parts.clock());
        this.parts = parts;
        this.dialer = parts.dialer();
        this.gate = new Gate(
                new Gate.Settings(listen, config.handshake(), config.connectionsMax(), member),
                new Gate.Surroundings(
                        parts.vertx(), standing, parts.desk(), connections, parts.counters(), told, parts.clock()));
        this.doorsShare =
                new Door.Surroundings(parts.vertx(), dialer, connections, parts.counters(), told, config.retry());
    }

    /** Opens the gate; fails when something else has its address. Blocks until TLS was tried, not for the gate. */
    Future<?> open() {
        TunnelRehearsal.of(parts, config.handshake());
        return gate.open();
    }

    /** A door to each member, none to others, and no connection with a node that was removed. */
    void follow(Roster roster) {
        InetAddress self = MemberAddresses.knownBy(standing.self().number());
        boolean isSelfRemoved =
                roster.node(standing.self().id()).filter(NodeEntry::isRemoved).isPresent();
        for (NodeEntry node : roster.nodes().values()) {
            if (node.id().equals(standing.self().id())) {
                continue;
            }
            if (node.isRemoved() || isSelfRemoved) {
                close(node);
            } else {
                Door known = doors.get(node.id());
                if (known != null && known.peer().number() == node.number()) {
                    known.leadsTo(node);
                } else {
                    close(node);
                    Door door = new Door(doorsShare, self, memberPort, node);
                    doors.put(node.id(), door);
                    door.open();
                }
            }
        }
    }

    /** Waits until each member was tried once, and its door opened if it answered; at most that long. Blocks. */
    void awaitFirstTries(Duration patience) {
        CompletableFuture<?>[] tries =
                doors.values().stream().map(Door::firstTry).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(tries).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("not all members were tried yet", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(NodeEntry node) {
        Door door = doors.remove(node.id());
        if (door != null) {
            door.close();
        }
        connections.cut(node.id());
    }

    boolean isConnected(String node) {
        return connections.has(node);
    }

    /** Asks all members at once what they know of the network; returns when one has answered, all have failed, or the time is up. Blocks. */
    Map<String, String> askOthers(Roster roster, Duration patience) throws InterruptedException {
        List<NodeEntry> others = roster.members().stream()
                .filter(node -> !node.id().equals(standing.self().id()))
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
        Map<String, String> newest = standing.documents();
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
        doors.values().forEach(door -> closing.add(door.close()));
        closing.add(gate.close());
        closing.add(dialer.close());
        return Future.join(closing);
    }
}
