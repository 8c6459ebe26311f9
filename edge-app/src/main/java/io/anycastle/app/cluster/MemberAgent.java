package io.anycastle.app.cluster;

import io.anycastle.core.model.DurationText;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a member connected: opens the tunnel, asks the others what changed while this node was away, follows the cluster's documents,
 * renews the certificate.
 */
final class MemberAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberAgent.class);

    /** Nodes that are up answer at once; a node does not wait longer for those that are cut off. */
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(3);

    /** What it works with. */
    record Parts(ClusterConfig config, ClusterDocuments documents, TunnelCounters counters, InstantSource clock) {}

    private final Parts parts;
    private final CurrentMembership view;
    private final ClusterTunnel tunnel;
    private final ScheduledExecutorService thread;
    /** For what waits for others; what others wait for runs on {@link #thread}. */
    private final ScheduledExecutorService slow = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("anycastle-members-slow").daemon().factory());

    private final CountDownLatch open = new CountDownLatch(1);
    private final int memberPort;
    private volatile Optional<String> error = Optional.of("the tunnel is still being opened");
    private volatile @Nullable Consumer<List<InetSocketAddress>> follower;
    private boolean isRemovalTold;

    /** @param member where this node's Hazelcast listens */
    MemberAgent(Parts parts, CurrentMembership view, InetSocketAddress member, ScheduledExecutorService thread) {
        this.parts = parts;
        this.view = view;
        this.thread = thread;
        this.memberPort = view.memberList().authorities().map(Authorities::port).orElse(member.getPort());
        JoinService joins = new JoinService(
                parts.config(), parts.documents(), view, view.identity().clusterKey(), parts.counters(), parts.clock());
        this.tunnel = new ClusterTunnel(
                new ClusterTunnel.Parts(
                        TunnelLoops.make(), view, parts.config(), joins, parts.counters(), parts.clock()),
                parts.config().listen().orElseThrow(),
                member,
                memberPort);
    }

    CurrentMembership view() {
        return view;
    }

    /** Opens the server; the caller tells a failure. Blocks. */
    void openServer() {
        tunnel.open().toCompletionStage().toCompletableFuture().join();
    }

    /** From a server that is open to a member that is connected; then keeps it so. */
    void begin() {
        parts.documents().follow(() -> later(this::follow));
        follow();
        learn(heard());
        tunnel.awaitFirstTries(ANSWER_PATIENCE);
        error = Optional.empty();
        open.countDown();
        again(slow, this::round, Duration.ZERO);
    }

    private static void again(ScheduledExecutorService on, Runnable work, Duration after) {
        try {
            on.schedule(() -> guarded(work), after.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the node stops");
        }
    }

    /** Opens the server again and again until it is open, then begins. */
    void beginWhenOpen() {
        try {
            openServer();
        } catch (java.util.concurrent.CompletionException e) {
            String reason =
                    "the tunnel cannot listen on " + parts.config().listen().orElseThrow() + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage();
            if (!error.equals(Optional.of(reason))) {
                LOG.error(
                        "{}; trying again every {}",
                        reason,
                        DurationText.of(parts.config().retry()));
            }
            error = Optional.of(reason);
            again(thread, this::beginWhenOpen, parts.config().retry());
            return;
        }
        LOG.info(
                "the tunnel of node {} (number {}) of the cluster {} listens on {}",
                view.self().id(),
                view.self().number(),
                view.self().cluster(),
                parts.config().listen().orElseThrow());
        begin();
    }

    private void later(Runnable work) {
        again(thread, work, Duration.ZERO);
    }

    static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("the member network stumbles, and goes on", e);
        }
    }

    private void round() {
        try {
            Map<String, String> heard = heard();
            later(() -> learn(heard));
            maintain();
        } finally {
            again(slow, this::round, parts.config().askInterval());
        }
    }

    /** What others know may be newer: this node may have been away while the cluster changed. */
    private Map<String, String> heard() {
        if (view.isRemoved() || view.others().isEmpty()) {
            return Map.of();
        }
        try {
            return tunnel.askOthers(view.memberList(), ANSWER_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private void follow() {
        learn(parts.documents().all());
        if (open.getCount() == 0) {
            again(slow, this::maintain, Duration.ZERO);
        }
    }

    private void learn(Map<String, String> documents) {
        try {
            view.learn(documents);
        } catch (IOException e) {
            error = Optional.of("the cluster's nodes cannot be noted in the data folder: " + e.getMessage());
            LOG.error("{}", error.get());
        }
        tunnel.follow(view.memberList());
        Consumer<List<InetSocketAddress>> told = follower;
        if (told != null) {
            told.accept(others());
        }
        if (view.isRemoved() && !isRemovalTold) {
            isRemovalTold = true;
            LOG.error(
                    "this node was removed from the cluster {}: it serves what it has, and hears of no more changes; to take it"
                            + " back, invite it and start it with --join",
                    view.self().cluster());
        }
    }

    /** Members' addresses without this node's. */
    List<InetSocketAddress> others() {
        return view.isRemoved()
                ? List.of()
                : view.others().stream()
                        .map(node -> new InetSocketAddress(MemberAddresses.knownBy(node.number()), memberPort))
                        .toList();
    }

    void follow(Consumer<List<InetSocketAddress>> others) {
        follower = others;
        others.accept(others());
    }

    /** @return whether the way to the others is open within that time */
    boolean awaitOpen(Duration patience) throws InterruptedException {
        return open.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stopWaiting() {
        open.countDown();
    }

    Optional<String> error() {
        return error;
    }

    boolean isConnected(String node) {
        return tunnel.isConnected(node);
    }

    /** Puts right what the cluster's documents say of this node. */
    void maintain() {
        Optional<Authorities> authorities = view.memberList().authorities();
        if (view.isRemoved() || authorities.isEmpty()) {
            return;
        }
        if (isDue(authorities.get())) {
            renew(authorities.get());
        }
        boolean isAlone = view.others().isEmpty();
        Map<String, String> stored = parts.documents().all();
        if (isAlone && !stored.containsKey(Authorities.KEY)) {
            write(new HashMap<>(view.documents()), "the cluster's documents");
        }
        view.own().ifPresent(this::register);
    }

    private boolean isDue(Authorities authorities) {
        X509Certificate own = view.identity().certificate();
        Instant renewal = own.getNotAfter().toInstant().minus(parts.config().renewBefore());
        return !own.getIssuerX500Principal().equals(authorities.current().getSubjectX500Principal())
                || renewal.isBefore(parts.clock().instant());
    }

    private void renew(Authorities authorities) {
        Optional<Authority> signer = authorities.signer(view.identity().clusterKey());
        if (signer.isEmpty()) {
            LOG.error("the certificate cannot be renewed: {} does not open the CA's key", ClusterKey.FILE);
            return;
        }
        X509Certificate fresh = signer.get()
                .certify(
                        view.self(),
                        view.identity().certificate().getPublicKey(),
                        parts.clock().instant(),
                        parts.config().certificateLifetime());
        try {
            view.renew(fresh);
            parts.counters().renewals.increment();
            LOG.info(
                    "the certificate for the cluster was renewed, it is good until {}",
                    fresh.getNotAfter().toInstant());
        } catch (IOException e) {
            LOG.error("the renewed certificate cannot be kept: {}", e.getMessage());
        }
    }

    /** The registered entry names the address and the certificate that this node has now. */
    private void register(NodeEntry entry) {
        var address = parts.config().reachedAt().orElse(entry.address());
        Instant expires = view.identity().certificate().getNotAfter().toInstant();
        if (!entry.address().equals(address) || !entry.expires().equals(expires)) {
            NodeEntry changed = entry.with(address, expires);
            write(Map.of(changed.key(), changed.text()), "this node's entry");
        }
    }

    private void write(Map<String, String> texts, String what) {
        Map<String, Optional<String>> edits = new HashMap<>();
        texts.forEach((key, text) -> edits.put(key, Optional.of(text)));
        if (parts.documents().change(all -> new ClusterDocuments.Plan<>(edits, true))
                instanceof ClusterDocuments.Outcome.Failed<Boolean>(String reason)) {
            LOG.warn("{} cannot be written now: {}", what, reason);
        }
    }

    @Override
    public void close() {
        slow.shutdownNow();
        Future<?> closing = tunnel.close();
        try {
            closing.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            LOG.warn("the tunnel does not close cleanly: {}", e.getMessage());
        }
    }
}
