package io.anycastle.core.store;

import com.hazelcast.instance.EndpointQualifier;
import io.anycastle.core.view.CurrentView;
import io.anycastle.core.view.EdgeView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record store of a node: the view in memory, the journal on its own disk, and Hazelcast to agree with others. Reading needs the
 * view only; it is there before the cluster layer is, and stays when that fails.
 */
public final class ClusteredStore implements EdgeStore {
    private static final Logger LOG = LoggerFactory.getLogger(ClusteredStore.class);

    private final StoreConfig config;
    private final String nodeId;
    private final DataFolder folder;
    private final Journal journal;
    private final CurrentView view = new CurrentView();
    private final StoreCounters counters;
    private final ZoneLocks locks = new ZoneLocks();
    private final ChangePath path;
    private final ForeignWrites foreign;
    private final Cluster cluster;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean closed = new AtomicBoolean();

    private ClusteredStore(StoreConfig config, ZoneRules rules, InstantSource time, Opened opened) {
        this.config = config;
        this.nodeId = opened.nodeId;
        this.folder = opened.folder;
        this.journal = opened.journal;
        this.counters = opened.counters;
        HybridClock clock = new HybridClock(time, nodeId, config.clockDriftMax());
        clock.seen(journal.highestStamp());
        path = new ChangePath(journal, view, new ChangePlanner(rules), clock, time, counters);
        foreign = new ForeignWrites(journal, path, locks, counters, config.writeTimeout());
        cluster = new Cluster(config, counters, maps -> {
            foreign.follow(maps);
            path.fill(maps);
        });
    }

    private record Opened(DataFolder folder, String nodeId, Journal journal, StoreCounters counters) {}

    /**
     * Fills the view from the node's own disk and returns; the cluster layer starts in the background.
     *
     * @throws StoreFailure with one plain sentence for each problem; nothing is left open then
     */
    public static ClusteredStore open(StoreConfig config, ZoneRules rules, InstantSource time) {
        List<String> problems = config.problems();
        if (!problems.isEmpty()) {
            throw new StoreFailure(String.join("\n", problems));
        }
        checkPort(config, config.port());
        config.clientPort().ifPresent(port -> checkPort(config, port));
        long start = System.nanoTime();
        ClusteredStore store = new ClusteredStore(config, rules, time, openFolder(config));
        store.fillView();
        LOG.info(
                "{} zones with {} records read from {} in {} ms",
                store.view.get().zones().size(),
                store.status().records(),
                config.dataFolder(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        store.cluster.start();
        return store;
    }

    /** Hazelcast starts later and in the background; a busy port is to be told now. */
    private static void checkPort(StoreConfig config, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(config.bindAddress(), port));
        } catch (IOException e) {
            throw new StoreFailure(
                    "The cluster layer cannot listen on " + config.bindAddress().getHostAddress() + " port " + port
                            + ": " + e.getMessage() + ".",
                    e);
        }
    }

    private static Opened openFolder(StoreConfig config) {
        DataFolder folder = DataFolder.open(config.dataFolder());
        try {
            String nodeId = folder.nodeId(config.nodeId());
            StoreCounters counters = new StoreCounters();
            return new Opened(folder, nodeId, Journal.open(folder, config, counters), counters);
        } catch (IOException e) {
            folder.close();
            throw new StoreFailure(
                    "The data folder " + config.dataFolder() + " cannot be used: " + DataFolder.plain(e) + ".", e);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private void fillView() {
        for (ZoneImage zone : journal.image().zones().values()) {
            zone.state().ifPresent(state -> view.update(state, state.names().keySet()));
        }
    }

    @Override
    public CurrentView view() {
        return view;
    }

    @Override
    public ChangeOutcome apply(ChangeSet change) {
        Application application = new Application(change, Deadline.in(config.writeTimeout()));
        ChangeOutcome outcome = await(application);
        switch (outcome) {
            case ChangeOutcome.Applied ignored -> counters.applied.increment();
            case ChangeOutcome.Invalid ignored -> counters.invalid.increment();
            case ChangeOutcome.VersionConflict ignored -> counters.conflicts.increment();
            case ChangeOutcome.Unavailable ignored -> counters.unavailable.increment();
            case ChangeOutcome.Unknown ignored -> counters.unknown.increment();
        }
        return outcome;
    }

    /** The work is done on a thread of its own: Hazelcast may keep it for longer than the caller may wait. */
    private ChangeOutcome await(Application application) {
        Future<ChangeOutcome> work;
        try {
            work = workers.submit(application::run);
        } catch (RejectedExecutionException e) {
            return path.unavailable("the store is closed");
        }
        try {
            return work.get(application.deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return application.abandon("the write took longer than " + config.writeTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return application.abandon("the write was interrupted");
        } catch (ExecutionException e) {
            LOG.error("a change of {} failed", application.change.zone(), e.getCause());
            return path.unknown("the write failed: " + e.getCause());
        }
    }

    /** One call of {@link #apply}. */
    private final class Application {
        final ChangeSet change;
        final Deadline deadline;
        /** Taken by whoever comes first: the worker to begin, or the caller to give up. */
        private final AtomicBoolean decided = new AtomicBoolean();
        /** What is durable and in the view, though the cluster maps may not hold all of it yet. */
        private volatile @Nullable ChangeOutcome applied;

        Application(ChangeSet change, Deadline deadline) {
            this.change = change;
            this.deadline = deadline;
        }

        ChangeOutcome abandon(String reason) {
            if (decided.compareAndSet(false, true)) {
                return path.unavailable(reason);
            }
            ChangeOutcome outcome = applied;
            return outcome == null ? path.unknown(reason) : outcome;
        }

        ChangeOutcome run() throws InterruptedException {
            Optional<ClusterMaps> maps = cluster.join(deadline);
            if (maps.isEmpty()) {
                return path.unavailable(
                        "the cluster layer is not up: " + cluster.error().orElse("it is still starting"));
            }
            ReentrantLock lock = locks.of(change.zone());
            if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                return path.unavailable("the zone " + change.zone() + " is busy");
            }
            try {
                return decided.compareAndSet(false, true)
                        ? applyHere(maps.get())
                        : path.unavailable("the caller gave up");
            } finally {
                lock.unlock();
            }
        }

        private ChangeOutcome applyHere(ClusterMaps maps) {
            path.freshen(maps, change.zone());
            var errand = new ChangePath.Errand(change, maps, deadline, head -> false, outcome -> applied = outcome);
            for (int attempt = 0; attempt < config.attemptsMax(); attempt++) {
                Optional<ChangeOutcome> outcome = path.attempt(errand);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
                foreign.judgeHead(maps, change.zone());
            }
            return path.unavailable("the zone " + change.zone() + " is written too often elsewhere");
        }
    }

    @Override
    public StoreStatus status() {
        EdgeView now = view.get();
        long records =
                now.zones().values().stream().mapToLong(z -> z.recordCount()).sum();
        Optional<String> error = Stream.of(
                        journal.damage().stream(), path.lastError().stream(), cluster.error().stream())
                .flatMap(s -> s)
                .reduce((a, b) -> a + "; " + b);
        return new StoreStatus(
                nodeId, cluster.isJoined(), cluster.members(), now.zones().size(), records, journal.logBytes(), error);
    }

    public StoreCounters counters() {
        return counters;
    }

    /** Where Hazelcast clients may connect, once joined and if they may at all. */
    public Optional<InetSocketAddress> clientAddress() {
        return cluster.address(EndpointQualifier.CLIENT);
    }

    /** Where other nodes connect, once joined. */
    public Optional<InetSocketAddress> memberAddress() {
        return cluster.address(EndpointQualifier.MEMBER);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        workers.shutdown();
        cluster.close();
        foreign.close();
        workers.close();
        journal.close();
        folder.close();
    }
}
