package io.anycastle.core.store;

import com.hazelcast.core.HazelcastJsonValue;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.view.CurrentView;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a change: plan, journal, compare-and-set of the zone's head, records, view. The caller holds the zone's lock.
 *
 * <p>Journal first, then visible: what a reader or another node sees is on this disk already. What lost its race is aborted in the
 * journal before anything else of the zone is written.
 */
final class ChangePath {
    private static final Logger LOG = LoggerFactory.getLogger(ChangePath.class);

    private final Journal journal;
    private final CurrentView view;
    private final ChangePlanner planner;
    private final HybridClock clock;
    private final InstantSource wall;
    private final Supplier<String> ids;
    private final StoreCounters counters;
    /** Zones whose records could not all be put after their head was. */
    private final ConcurrentHashMap<DomainName, Boolean> stale = new ConcurrentHashMap<>();

    private volatile Optional<String> lastError = Optional.empty();

    ChangePath(
            Journal journal,
            CurrentView view,
            ChangePlanner planner,
            HybridClock clock,
            InstantSource wall,
            StoreCounters counters) {
        this.journal = journal;
        this.view = view;
        this.planner = planner;
        this.clock = clock;
        this.wall = wall;
        this.ids = new RecordIds();
        this.counters = counters;
    }

    /**
     * A change set with what it needs on its way.
     *
     * @param answers foreign heads that this very change set answers, so that it may overwrite them
     * @param decided is told the outcome as soon as it is durable and in the view, while the cluster maps may still be filled
     */
    record Errand(
            ChangeSet change,
            ClusterMaps maps,
            Deadline deadline,
            Predicate<Optional<HazelcastJsonValue>> answers,
            Consumer<ChangeOutcome> decided) {
        Errand(ChangeSet change, ClusterMaps maps, Deadline deadline) {
            this(change, maps, deadline, head -> false, outcome -> {});
        }

        DomainName zone() {
            return change.zone();
        }
    }

    /** Tries once; empty when the zone's head is not the one that this node knows, and nothing changed. */
    Optional<ChangeOutcome> attempt(Errand errand) {
        ZoneImage image = journal.image().zone(errand.zone());
        long version = image.state().map(s -> s.zone().version()).orElse(0L);
        var expected = errand.change.expectedVersion();
        if (expected.isPresent() && expected.getAsLong() != version) {
            return Optional.of(new ChangeOutcome.VersionConflict(version));
        }
        Stamp stamp = clock.next();
        var context = new ChangePlanner.Context(wall.instant(), stamp, ids);
        return switch (planner.plan(image.state(), errand.change, context)) {
            case Plan.Refused refused -> Optional.of(new ChangeOutcome.Invalid(refused.errors()));
            case Plan.Planned planned -> write(errand, stamp, planned);
        };
    }

    private Optional<ChangeOutcome> write(Errand errand, Stamp stamp, Plan.Planned planned) {
        ZoneImage image = journal.image().zone(errand.zone());
        if (image.state().isEmpty() && planned.after().isEmpty()) {
            return Optional.of(nothingThere(errand));
        }
        Optional<HazelcastJsonValue> head;
        try {
            head = errand.maps.head(errand.zone());
        } catch (RuntimeException e) {
            return Optional.of(unavailable("the cluster layer does not answer: " + e.getMessage()));
        }
        if (!isTruth(errand.zone(), image, head) && !errand.answers.test(head)) {
            return Optional.empty();
        }
        ZoneDelta delta = ZoneDelta.to(errand.zone(), stamp, image, planned);
        Journal.Appended appended;
        try {
            appended = journal.append(delta, errand.deadline.left());
        } catch (JournalRefusal e) {
            return Optional.of(unavailable("the change cannot be written to disk: " + e.getMessage()));
        } catch (TimeoutException e) {
            return Optional.of(unknown("the disk did not answer in time"));
        }
        return sequence(errand, head, appended, planned);
    }

    /** The head's compare-and-set is the moment that decides; from then on the change counts. */
    private Optional<ChangeOutcome> sequence(
            Errand errand, Optional<HazelcastJsonValue> head, Journal.Appended appended, Plan.Planned planned) {
        Stamp stamp = appended.delta().stamp();
        HazelcastJsonValue next =
                ClusterMaps.headValue(errand.zone(), stamp, planned.after().map(ZoneState::zone));
        try {
            if (!errand.maps.swapHead(errand.zone(), head, next)) {
                journal.abort(appended);
                counters.retries.increment();
                return Optional.empty();
            }
        } catch (RuntimeException e) {
            if (!isHead(errand, next)) {
                journal.abort(appended);
                return Optional.of(unknown("the cluster layer did not answer: " + e.getMessage()));
            }
        }
        ZoneImage before = journal.image().zone(errand.zone());
        journal.settle(appended);
        show(errand.zone(), planned);
        lastError = Optional.empty();
        ZoneState state = planned.after().or(before::state).orElseThrow();
        ChangeOutcome applied = new ChangeOutcome.Applied(state, planned.records(), 1);
        errand.decided.accept(applied);
        tell(errand.maps, appended.delta(), before);
        return Optional.of(applied);
    }

    private static boolean isHead(Errand errand, HazelcastJsonValue head) {
        try {
            return errand.maps.head(errand.zone()).equals(Optional.of(head));
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void tell(ClusterMaps maps, ZoneDelta delta, ZoneImage before) {
        try {
            if (delta.head().isPresent()) {
                maps.putNames(delta.zone(), delta.names());
            } else {
                maps.removeNames(
                        delta.zone(), before.state().orElseThrow().names().keySet());
            }
        } catch (RuntimeException e) {
            LOG.warn("the records of {} are late in the cluster maps: {}", delta.zone(), e.getMessage());
            stale.put(delta.zone(), true);
        }
    }

    private void show(DomainName zone, Plan.Planned planned) {
        counters.viewUpdates.increment();
        if (planned.after().isPresent()) {
            view.update(planned.after().get(), planned.names());
        } else {
            view.remove(zone);
        }
    }

    /** Puts again what could not be put. The caller holds the zone's lock. */
    void freshen(ClusterMaps maps, DomainName zone) {
        if (stale.containsKey(zone)) {
            ZoneImage image = journal.image().zone(zone);
            image.state().ifPresent(state -> maps.putNames(zone, state.names().values()));
            stale.remove(zone);
        }
    }

    /** Everything this node knows, into maps that were just joined. */
    void fill(ClusterMaps maps) {
        for (var zone : journal.image().zones().entrySet()) {
            maps.putHead(zone.getKey(), ClusterMaps.headValue(zone.getKey(), zone.getValue()));
            zone.getValue()
                    .state()
                    .ifPresent(s -> maps.putNames(zone.getKey(), s.names().values()));
        }
        stale.clear();
    }

    /** Whether the head in the map is this node's own. */
    static boolean isTruth(DomainName zone, ZoneImage image, Optional<HazelcastJsonValue> head) {
        if (head.isEmpty()) {
            return image.state().isEmpty();
        }
        return !image.isNever() && head.get().equals(ClusterMaps.headValue(zone, image));
    }

    private static ChangeOutcome nothingThere(Errand errand) {
        FieldError error =
                new FieldError("zone", errand.zone().toString(), "there is no such zone", FieldError.Kind.NO_SUCH_ZONE);
        return new ChangeOutcome.Invalid(List.of(new ChangeOutcome.EditError(0, error)));
    }

    ChangeOutcome unavailable(String reason) {
        lastError = Optional.of(reason);
        return new ChangeOutcome.Unavailable(reason);
    }

    ChangeOutcome unknown(String reason) {
        lastError = Optional.of(reason);
        return new ChangeOutcome.Unknown(reason);
    }

    /** The last failure to write, until the next success. */
    Optional<String> lastError() {
        return lastError;
    }
}
