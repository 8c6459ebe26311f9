package io.anycastle.core.store.write;

import io.anycastle.core.limit.Deadline;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.DurationText;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.cluster.Cluster;
import io.anycastle.core.store.cluster.MapWriter;
import io.anycastle.core.store.cluster.MembershipSession;
import io.anycastle.core.store.state.ZoneImage;
import java.time.Duration;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees a change set through: waits for the zone's lock and for what others are changing, tries, waits for the disks, within its time. */
public final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    /** How long a writer whose picture is behind waits before it asks the oldest member to look. */
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    /** How long a change that needs nobody waits for others, to tell on how many disks it lies. */
    private static final Duration COURTESY = Duration.ofSeconds(1);

    private final WriteSettings settings;
    private final String nodeId;
    private final Cluster cluster;
    private final ChangePath.Parts parts;
    private final ChangePath path;
    private final MapWriter mapWriter;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    public Writer(
            WriteSettings settings, Cluster cluster, ChangePath.Parts parts, ChangePath path, MapWriter mapWriter) {
        this.settings = settings;
        this.nodeId = cluster.nodeId();
        this.mapWriter = mapWriter;
        this.cluster = cluster;
        this.parts = parts;
        this.path = path;
    }

    /** The work is done on a thread of its own: Hazelcast may keep it for longer than the caller may wait. */
    public ChangeOutcome apply(ChangeSet change) {
        Application application = new Application(change, Deadline.in(settings.timeout()));
        Future<ChangeOutcome> work;
        try {
            work = workers.submit(application::run);
        } catch (RejectedExecutionException e) {
            return path.unavailable("the store is closed");
        }
        try {
            return work.get(application.deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return application.abandon("the write took longer than " + DurationText.of(settings.timeout()));
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
        /** What is durable here and in the view, while other disks are waited for. */
        private volatile ChangePath.Step.@Nullable Sent sent;

        Application(ChangeSet change, Deadline deadline) {
            this.change = change;
            this.deadline = deadline;
        }

        ChangeOutcome abandon(String reason) {
            if (decided.compareAndSet(false, true)) {
                return path.unavailable(reason);
            }
            return path.unknown(sent == null ? reason : "no other node has confirmed the change in time");
        }

        ChangeOutcome run() throws InterruptedException {
            if (change.isBreakGlass()) {
                return atOnce();
            }
            Optional<MembershipSession> joined = cluster.join(deadline);
            if (joined.isEmpty()) {
                return path.unavailable(
                        "the cluster layer is not up: " + cluster.error().orElse("it is still starting"));
            }
            int reachable = joined.get().peers().others().size() + 1;
            if (reachable < quorum()) {
                return path.unavailable("the write quorum is " + quorum() + " nodes, " + reachable + " are here");
            }
            ChangePath.Step step = locked(() -> attempts(joined.get()));
            return step instanceof ChangePath.Step.Sent done ? confirmed(joined.get(), done) : outcome(step);
        }

        private int quorum() {
            return settings.quorum().orElse(1);
        }

        private ChangePath.Step locked(Attempts attempts) throws InterruptedException {
            ReentrantLock lock = parts.locks().of(change.zone());
            if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                return new ChangePath.Step.Done(path.unavailable("the zone " + change.zone() + " is busy"));
            }
            try {
                return decided.compareAndSet(false, true)
                        ? attempts.run()
                        : new ChangePath.Step.Done(path.unavailable("the caller gave up"));
            } finally {
                lock.unlock();
            }
        }

        /** Tries until it is decided; where this node's picture is behind, the change that it lacks is let in first. */
        private ChangePath.Step attempts(MembershipSession joined) throws InterruptedException {
            var changeAttempt = new ChangePath.ChangeAttempt(change, joined, deadline);
            long asked = System.nanoTime();
            for (int lost = 0; lost < settings.attemptsMax(); ) {
                ChangePath.Step step = path.attempt(changeAttempt);
                if (!(step instanceof ChangePath.Step.Behind behind)) {
                    sent = step instanceof ChangePath.Step.Sent done ? done : null;
                    return step;
                }
                if (deadline.left().isZero()) {
                    return new ChangePath.Step.Done(
                            path.unavailable("this node does not know the newest state of " + change.zone() + " yet"));
                }
                lost += behind.isLostRace() ? 1 : 0;
                parts.locks().awaitChange(change.zone(), LOOK_AGAIN);
                if (System.nanoTime() - asked > PATIENCE.toNanos()) {
                    asked = System.nanoTime();
                    joined.replication().compare(change.zone(), nodeId);
                }
            }
            return new ChangePath.Step.Done(
                    path.unavailable("the zone " + change.zone() + " is written too often elsewhere"));
        }

        /** Waits for the disks that the change needs. */
        private ChangeOutcome confirmed(MembershipSession joined, ChangePath.Step.Sent done)
                throws InterruptedException {
            int wanted = Math.max(quorum(), joined.peers().others().isEmpty() ? 1 : 2);
            int disks = done.acks().await(wanted, deadline);
            mapWriter.putNow(change.zone(), done.names());
            boolean isAlone = quorum() <= disks && joined.peers().others().isEmpty();
            if (disks >= wanted || isAlone) {
                return new ChangeOutcome.Applied(done.state(), done.records(), disks);
            }
            return path.unknown(
                    "the change lies on " + disks + " disk, " + wanted + " are wanted: no other node has confirmed it");
        }

        /** A switch that must work on a node that is cut off: here first, then told to whoever is there. */
        private ChangeOutcome atOnce() throws InterruptedException {
            DomainName zone = change.zone();
            Optional<MembershipSession> joined = cluster.joined();
            ZoneImage[] before = new ZoneImage[1];
            ChangePath.Step step = locked(() -> {
                before[0] = parts.journal().image().zone(zone);
                return path.local(change, joined, deadline);
            });
            if (!(step instanceof ChangePath.Step.Sent done)) {
                return outcome(step);
            }
            mapWriter.put(zone, done.names());
            joined.ifPresent(cluster -> workers.submit(() -> publish(cluster, zone, before[0])));
            int wanted = joined.map(j -> j.peers().others().isEmpty() ? 1 : 2).orElse(1);
            return new ChangeOutcome.Applied(
                    done.state(), done.records(), done.acks().await(wanted, Deadline.in(COURTESY)));
        }

        private void publish(MembershipSession joined, DomainName zone, ZoneImage before) {
            try {
                if (!path.publishHead(zone, before, joined)) {
                    joined.replication().compare(zone, nodeId);
                }
            } catch (RuntimeException e) {
                LOG.warn("{} was switched here; the cluster is told later: {}", zone, e.getMessage());
            }
        }

        private ChangeOutcome outcome(ChangePath.Step step) {
            return step instanceof ChangePath.Step.Done(ChangeOutcome outcome)
                    ? outcome
                    : path.unavailable("the zone " + change.zone() + " is written too often elsewhere");
        }
    }

    private interface Attempts {
        ChangePath.Step run() throws InterruptedException;
    }

    /** Whether a change would be taken now. */
    public boolean isOpen() {
        try {
            return cluster.joined()
                    .filter(now ->
                            now.peers().others().size() + 1 >= settings.quorum().orElse(1))
                    .isPresent();
        } catch (RuntimeException e) {
            return false; // the cluster layer is going down
        }
    }

    /** Takes no more work. */
    public void shutdown() {
        workers.shutdown();
    }

    @Override
    public void close() {
        workers.close();
    }
}
