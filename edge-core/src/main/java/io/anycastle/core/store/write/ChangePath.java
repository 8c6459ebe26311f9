package io.anycastle.core.store.write;

import com.hazelcast.core.HazelcastJsonValue;
import io.anycastle.core.limit.Deadline;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.cluster.ClusterMaps;
import io.anycastle.core.store.cluster.ClusterTrouble;
import io.anycastle.core.store.cluster.MembershipSession;
import io.anycastle.core.store.cluster.Replication;
import io.anycastle.core.store.journal.Journal;
import io.anycastle.core.store.journal.JournalException;
import io.anycastle.core.store.plan.ChangePlanner;
import io.anycastle.core.store.plan.RecordIds;
import io.anycastle.core.store.state.HybridClock;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneImage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The way of a change: plan, journal, compare-and-set of the zone's head, view, other nodes. The caller holds the zone's lock, and puts
 * the changed names into the map of records when it has let it go.
 *
 * <p>Journal first, then visible: what a reader or another node sees is on this disk already. What lost its race is aborted in the
 * journal before anything else of the zone is written.
 */
public final class ChangePath {
    /** How long a failure is shown that no later change has made good. */
    private static final Duration SHOWN = Duration.ofMinutes(5);

    private final Journal journal;
    private final ViewPublisher publisher;
    private final ChangePlanner planner;
    private final HybridClock clock;
    private final ZoneLocks locks;
    private final Supplier<String> ids = new RecordIds();
    private final WriteCounters counters;

    private volatile Optional<Failure> lastFailure = Optional.empty();

    private record Failure(String reason, Deadline until) {}

    public ChangePath(Parts parts, ChangePlanner planner) {
        this.journal = parts.journal();
        this.publisher = parts.publisher();
        this.planner = planner;
        this.clock = parts.clock();
        this.locks = parts.locks();
        this.counters = parts.counters();
    }

    /** What the parts of the store share. */
    public record Parts(
            Journal journal, ViewPublisher publisher, ZoneLocks locks, HybridClock clock, WriteCounters counters) {}

    /**
     * A change set with what it needs on its way.
     *
     * @param answers foreign heads that this very change set answers, so that it may overwrite them
     */
    public record ChangeAttempt(
            ChangeSet change,
            MembershipSession joined,
            Deadline deadline,
            Predicate<Optional<HazelcastJsonValue>> answers) {
        public ChangeAttempt(ChangeSet change, MembershipSession joined, Deadline deadline) {
            this(change, joined, deadline, head -> false);
        }

        public DomainName zone() {
            return change.zone();
        }
    }

    /** How far one attempt came. */
    public sealed interface Step {
        /** It is over. */
        record Done(ChangeOutcome outcome) implements Step {}

        /**
         * It is decided, durable here and in the view; the other nodes are being told.
         *
         * @param names to be put into the cluster map of records
         */
        record Sent(
                ZoneState state, List<Optional<Record>> records, Replication.Acks acks, Collection<DomainName> names)
                implements Step {}

        /** The zone's head is not the one that this node knows, or the race for it was lost just now; nothing changed. */
        record Behind(boolean isLostRace) implements Step {}
    }

    /** Tries once. */
    public Step attempt(ChangeAttempt wanted) {
        ZoneImage image = journal.image().zone(wanted.zone());
        Optional<HazelcastJsonValue> head;
        try {
            head = wanted.joined.maps().head(wanted.zone());
        } catch (RuntimeException e) {
            return new Step.Done(unavailable("the cluster layer does not answer: " + ClusterTrouble.of(e)));
        }
        if (!isTruth(wanted.zone(), image, head) && !wanted.answers.test(head)) {
            return new Step.Behind(false);
        }
        Stamp stamp = clock.next(image.stamp());
        AttemptResult result = draft(wanted.change, image, stamp);
        return switch (result) {
            case AttemptResult.Settled settled -> new Step.Done(settled.outcome);
            case AttemptResult.Ready ready -> write(wanted, head, ready);
        };
    }

    /** A change set worked out on the present state. */
    private sealed interface AttemptResult {
        /** There is nothing to write. */
        record Settled(ChangeOutcome outcome) implements AttemptResult {}

        record Ready(ZoneImage image, ZoneDelta delta, Plan.Planned plan) implements AttemptResult {}
    }

    private AttemptResult draft(ChangeSet change, ZoneImage image, Stamp stamp) {
        long version = image.state().map(s -> s.zone().version()).orElse(0L);
        var expected = change.expectedVersion();
        if (expected.isPresent() && expected.getAsLong() != version) {
            return new AttemptResult.Settled(new ChangeOutcome.VersionConflict(version));
        }
        var context = new ChangePlanner.Context(Instant.ofEpochMilli(clock.now()), stamp, ids);
        return switch (planner.plan(image.state(), change, context)) {
            case Plan.Refused refused -> new AttemptResult.Settled(new ChangeOutcome.Invalid(refused.errors()));
            case Plan.Planned planned -> result(change.zone(), image, stamp, planned);
        };
    }

    private static AttemptResult result(DomainName zone, ZoneImage image, Stamp stamp, Plan.Planned planned) {
        Optional<ZoneState> now = image.state();
        if (now.isEmpty() && planned.after().isEmpty() && planned.settled().isEmpty()) {
            return new AttemptResult.Settled(nothingThere(zone));
        }
        boolean isThere = now.isPresent() && now.equals(planned.after());
        return isThere
                ? new AttemptResult.Settled(new ChangeOutcome.Applied(now.orElseThrow(), planned.records(), 1))
                : new AttemptResult.Ready(image, ZoneDelta.to(zone, stamp, image, planned), planned);
    }

    private Step write(ChangeAttempt wanted, Optional<HazelcastJsonValue> head, AttemptResult.Ready ready) {
        Journal.Appended appended;
        try {
            appended = journal.append(ready.delta, wanted.deadline.left());
        } catch (JournalException e) {
            return new Step.Done(unavailable("the change cannot be written to disk: " + e.getMessage()));
        } catch (TimeoutException e) {
            return new Step.Done(unknown("the disk did not answer in time"));
        }
        HazelcastJsonValue next = ClusterMaps.headValue(
                wanted.zone(), ready.delta.stamp(), ready.plan.after().map(ZoneState::zone));
        try {
            if (!wanted.joined.maps().swapHead(wanted.zone(), head, next)) {
                journal.abort(appended);
                counters.retries.increment();
                return new Step.Behind(true);
            }
        } catch (RuntimeException e) {
            if (!isHead(wanted, next)) {
                journal.abort(appended);
                return new Step.Done(unknown("the cluster layer did not answer: " + ClusterTrouble.of(e)));
            }
        }
        return decided(appended, ready, wanted.joined);
    }

    private static boolean isHead(ChangeAttempt wanted, HazelcastJsonValue head) {
        try {
            return wanted.joined.maps().head(wanted.zone()).equals(Optional.of(head));
        } catch (RuntimeException e) {
            return false;
        }
    }

    private Step.Sent decided(Journal.Appended appended, AttemptResult.Ready ready, MembershipSession joined) {
        settle(appended, ready);
        return sent(ready, joined.replication().send(ready.delta));
    }

    private void settle(Journal.Appended appended, AttemptResult.Ready ready) {
        journal.settle(appended);
        publisher.show(ready.delta.zone(), ready.plan.after(), ready.plan.names());
        locks.changed(ready.delta.zone());
        lastFailure = Optional.empty();
    }

    private static Step.Sent sent(AttemptResult.Ready ready, Replication.Acks acks) {
        ZoneState state = ready.plan.after().or(ready.image::state).orElseGet(() -> gone(ready));
        return new Step.Sent(state, ready.plan.records(), acks, changedNames(ready));
    }

    /** A zone that is gone and of which only a conflict was settled. */
    private static ZoneState gone(AttemptResult.Ready ready) {
        Instant then = Instant.ofEpochMilli(ready.delta.stamp().millis());
        return ZoneState.empty(new Zone(
                "",
                ready.delta.zone(),
                ZoneType.FULL,
                ZoneStatus.MOVED,
                true,
                0,
                0,
                List.of(),
                then,
                then,
                Optional.empty()));
    }

    /** All names of a zone that is gone. */
    private static Collection<DomainName> changedNames(AttemptResult.Ready ready) {
        return ready.plan.after().isPresent()
                ? ready.plan.names()
                : ready.image
                        .state()
                        .map(s -> (Collection<DomainName>) s.names().keySet())
                        .orElse(List.of());
    }

    /**
     * Applies a change on this node alone, at once: no compare-and-set, no other disk. The cluster takes it as soon as it can, by
     * compare-and-set where nobody else has changed the zone meanwhile, otherwise by a merge.
     */
    Step local(ChangeSet change, Optional<MembershipSession> joined, Deadline deadline) {
        ZoneImage image = journal.image().zone(change.zone());
        AttemptResult result = draft(change, image, clock.next(image.stamp()));
        if (result instanceof AttemptResult.Settled settled) {
            return new Step.Done(settled.outcome);
        }
        AttemptResult.Ready ready = (AttemptResult.Ready) result;
        try {
            settle(journal.append(ready.delta, deadline.left()), ready);
        } catch (JournalException e) {
            return new Step.Done(unavailable("the change cannot be written to disk: " + e.getMessage()));
        } catch (TimeoutException e) {
            return new Step.Done(unknown("the disk did not answer in time"));
        }
        return sent(ready, joined.map(j -> j.replication().send(ready.delta)).orElseGet(() -> new Replication.Acks(0)));
    }

    /** Puts this node's head into the map, if the map still holds the one that this state leads on from. */
    boolean publishHead(DomainName zone, ZoneImage before, MembershipSession joined) {
        Optional<HazelcastJsonValue> head = joined.maps().head(zone);
        ZoneImage now = journal.image().zone(zone);
        return isTruth(zone, now, head)
                || (isTruth(zone, before, head)
                        && joined.maps().swapHead(zone, head, ClusterMaps.headValue(zone, now)));
    }

    /** Whether the head in the map is this node's own. */
    public static boolean isTruth(DomainName zone, ZoneImage image, Optional<HazelcastJsonValue> head) {
        if (head.isEmpty()) {
            return image.state().isEmpty();
        }
        return !image.isNever() && head.get().equals(ClusterMaps.headValue(zone, image));
    }

    private static ChangeOutcome nothingThere(DomainName zone) {
        FieldError error =
                new FieldError("zone", zone.toString(), "there is no such zone", FieldError.Kind.NO_SUCH_ZONE);
        return new ChangeOutcome.Invalid(List.of(new ChangeOutcome.EditError(0, error)));
    }

    ChangeOutcome unavailable(String reason) {
        lastFailure = Optional.of(new Failure(reason, Deadline.in(SHOWN)));
        return new ChangeOutcome.Unavailable(reason);
    }

    ChangeOutcome unknown(String reason) {
        lastFailure = Optional.of(new Failure(reason, Deadline.in(SHOWN)));
        return new ChangeOutcome.Unknown(reason);
    }

    /** The last failure to write, until the next success and for some minutes at most: what nobody tries any more is no news. */
    public Optional<String> lastError() {
        return lastFailure.filter(failure -> !failure.until.left().isZero()).map(Failure::reason);
    }
}
