package io.anycastle.core.activation;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.PrivateNames;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Exemption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What follows from an answer of public DNS. Pure: the same zone, history, answer and time give the same decision.
 *
 * <p>Only an answer counts: a zone for which nobody answers stays what it is. An active zone is lost only after several answers in a row
 * that have nothing of ours, and only if an answer has ever pointed here: a zone that was made active by hand, or before checks were
 * switched on, is not taken off the edge by them.
 *
 * <p>Clocks may be wrong. A time that is still to come, by more than {@link CheckSchedule#again}, was written by a clock that ran ahead or
 * is read by one that is behind: it puts no check off, and while there is one nothing is deleted. Nor is anything deleted by the first
 * check after a longer time than checks are apart: a clock that has jumped ahead looks like that.
 *
 * @param isOn whether zones are checked at all ({@code zones.activation: check})
 * @param labels under which the TXT record of a partial zone may stand
 * @param suffix what names of partial zones are pointed to, below their own name; empty when there is none
 */
public record CheckRules(boolean isOn, CheckSchedule schedule, List<String> labels, Optional<DomainName> suffix) {
    public CheckRules {
        labels = List.copyOf(labels);
    }

    /**
     * What is to be written.
     *
     * @param status the zone's next one; empty when it stays
     * @param isDeleted whether the zone's time is up
     */
    public record Decision(Optional<ZoneStatus> status, boolean isDeleted, CheckHistory history) {
        List<Edit> edits() {
            if (isDeleted) {
                return List.of(new Edit.DeleteZone());
            }
            List<Edit> edits = new ArrayList<>(2);
            edits.add(new Edit.PutDocument(CheckHistory.KEY, history.json()));
            status.ifPresent(
                    next -> edits.add(new Edit.ChangeZone(Optional.of(next), Optional.empty(), Optional.empty())));
            return edits;
        }
    }

    /** Whether public DNS decides on the zone: not where its owner said otherwise, nor where nobody could delegate it. */
    public boolean isChecked(ZoneState zone) {
        boolean isPrivate = zone.zone().type() == ZoneType.FULL
                && PrivateNames.contains(zone.zone().name());
        return isOn && !isPrivate && !Exemption.isAlwaysActive(zone);
    }

    public Expectation expectation(ZoneState zone) {
        Zone head = zone.zone();
        return switch (head.type()) {
            case FULL ->
                new Expectation.NameServers(
                        head.name(), head.nameServers(), zone.dnsSettings().multiProvider());
            case SECONDARY -> new Expectation.NameServers(head.name(), head.nameServers(), true);
            case PARTIAL -> new Expectation.Text(head.name(), Verification.of(head, labels));
        };
    }

    public CheckHistory history(ZoneState zone) {
        return CheckHistory.of(zone, schedule);
    }

    /** When the zone's next check is due; long ago where what is stored would put it off for longer than any schedule does. */
    Instant dueOn(ZoneState zone, Instant now) {
        CheckHistory history = history(zone);
        Duration bound = history.checkedOn().isPresent() ? schedule.bound() : schedule.first();
        boolean isAhead = history.checkedOn().filter(last -> isAhead(last, now)).isPresent()
                || isAhead(history.nextOn(), now.plus(bound));
        return isAhead ? Instant.EPOCH : history.nextOn();
    }

    private boolean isAhead(Instant time, Instant now) {
        return time.isAfter(now.plus(schedule.again()));
    }

    /** Whether the clock is behind a time that is known of the zone, so that it does not tell how long ago the others are. */
    private boolean isBehind(ZoneState zone, CheckHistory history, Instant now) {
        Zone head = zone.zone();
        return Stream.of(
                        Optional.of(head.createdOn()),
                        Optional.of(head.modifiedOn()),
                        head.activatedOn(),
                        Optional.of(history.since()),
                        history.checkedOn(),
                        history.confirmedOn(),
                        history.movedOn())
                .flatMap(Optional::stream)
                .anyMatch(time -> isAhead(time, now));
    }

    public Decision decide(ZoneState zone, Finding finding, Instant now) {
        CheckHistory history = history(zone);
        boolean isBehind = isBehind(zone, history, now);
        CheckVerdict verdict = expectation(zone).verdict(finding);
        Next next = switch (zone.zone().status()) {
            case PENDING -> waiting(history.since(), schedule.pendingLife(), verdict, history, now);
            case MOVED -> waiting(history.movedOn().orElse(now), schedule.movedLife(), verdict, history, now);
            case ACTIVE -> active(verdict, history);
        };
        return new Decision(
                next.status,
                next.isDeleted && !isBehind,
                new CheckHistory(
                        zone.zone().type(),
                        history.since(),
                        next.status.isPresent() ? 0 : history.checks() + 1,
                        next.failures,
                        Optional.of(CheckHistory.Seen.of(verdict, finding)),
                        Optional.of(now),
                        now.plus(spread(next.gap, zone.zone(), history.checks())),
                        verdict == CheckVerdict.OURS ? Optional.of(now) : history.confirmedOn(),
                        next.status.orElse(zone.zone().status()) == ZoneStatus.MOVED
                                ? movedOn(zone, history).or(() -> isBehind ? Optional.empty() : Optional.of(now))
                                : Optional.empty()));
    }

    /** When the zone was moved, where it is and that is known. */
    private static Optional<Instant> movedOn(ZoneState zone, CheckHistory history) {
        return zone.zone().status() == ZoneStatus.MOVED ? history.movedOn() : Optional.empty();
    }

    private record Next(Optional<ZoneStatus> status, boolean isDeleted, int failures, Duration gap) {}

    private Next waiting(
            Instant since, Optional<Duration> life, CheckVerdict verdict, CheckHistory history, Instant now) {
        if (verdict == CheckVerdict.OURS) {
            return new Next(Optional.of(ZoneStatus.ACTIVE), false, 0, schedule.interval());
        }
        boolean isWatched = history.checkedOn()
                .filter(last -> !last.plus(schedule.bound()).isBefore(now))
                .isPresent();
        boolean isOver = verdict != CheckVerdict.UNKNOWN
                && isWatched
                && life.filter(l -> !since.plus(l).isAfter(now)).isPresent();
        return new Next(Optional.empty(), isOver, 0, schedule.gap(history.checks() + 1));
    }

    private Next active(CheckVerdict verdict, CheckHistory history) {
        return switch (verdict) {
            case OURS, PARTLY -> new Next(Optional.empty(), false, 0, schedule.interval());
            case UNKNOWN -> new Next(Optional.empty(), false, history.failures(), schedule.retry());
            case ELSEWHERE -> {
                int failures = history.failures() + 1;
                boolean isLost = history.confirmedOn().isPresent() && failures >= schedule.failuresMax();
                yield isLost
                        ? new Next(Optional.of(ZoneStatus.MOVED), false, 0, schedule.first())
                        : new Next(Optional.empty(), false, failures, schedule.retry());
            }
        };
    }

    /** A tenth more or less, other for each zone and time, so that zones made together are not checked together for ever. */
    private static Duration spread(Duration gap, Zone zone, int checks) {
        int thousandths = Math.floorMod((zone.id() + checks).hashCode(), 201) - 100;
        return gap.plus(gap.multipliedBy(thousandths).dividedBy(1000));
    }

    /** What a change of the zone's type brings with it: its checks begin anew. */
    public Edit retyped(ZoneType type, Instant now) {
        CheckHistory history = CheckHistory.begun(type, now, now.plus(schedule.first()));
        return new Edit.PutDocument(CheckHistory.KEY, history.json());
    }

    /**
     * What other name servers of a zone bring with them: where its check is about them it is due at once. What was seen of the old ones
     * counts no more, so that an active zone is not lost while resolvers keep its old delegation.
     */
    public Optional<Edit> renamed(ZoneState zone, Instant now) {
        CheckHistory old = history(zone);
        CheckHistory next = CheckHistory.begun(old.type(), old.since(), now);
        return isChecked(zone) && expectation(zone) instanceof Expectation.NameServers
                ? Optional.of(new Edit.PutDocument(
                        CheckHistory.KEY, next.movedOn(old.movedOn()).json()))
                : Optional.empty();
    }

    /**
     * What a check that somebody asks for changes: nothing where the last is too young to ask again. A zone that is due anyway is made due
     * anew, since what its last check came to may not have been written.
     */
    public Optional<Edit> asked(ZoneState zone, Instant now) {
        CheckHistory history = history(zone);
        boolean isTooSoon = history.checkedOn()
                .filter(last -> last.plus(schedule.again()).isAfter(now) && !isAhead(last, now))
                .isPresent();
        return isTooSoon
                ? Optional.empty()
                : Optional.of(new Edit.PutDocument(
                        CheckHistory.KEY, dueNow(history, now).json()));
    }

    /** The same, due now; a check that lies ahead was none. */
    private CheckHistory dueNow(CheckHistory history, Instant now) {
        boolean isAhead = history.checkedOn().filter(last -> isAhead(last, now)).isPresent();
        return isAhead ? history.dueAt(now).unchecked() : history.dueAt(now);
    }

    /**
     * How long a zone is left alone when the outcome of its check could not be written: longer each time, and never longer than it waits
     * between checks.
     *
     * @param times that this happened in a row, from 1
     */
    Duration heldFor(ZoneState zone, int times) {
        Duration gap = zone.zone().status() == ZoneStatus.ACTIVE
                ? schedule.retry()
                : schedule.gap(history(zone).checks() + 1);
        Duration hold = schedule.again().multipliedBy(1L << Math.min(times - 1, 30));
        return hold.compareTo(gap) < 0 ? hold : gap;
    }
}
