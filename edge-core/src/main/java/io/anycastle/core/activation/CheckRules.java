package io.anycastle.core.activation;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.PrivateNames;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.Edit;
import io.anycastle.core.store.Exemption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What follows from an answer of public DNS. Pure: the same zone, history, answer and time give the same decision.
 *
 * <p>Only an answer counts: a zone for which nobody answers stays what it is. An active zone is lost only after several answers in a row
 * that have nothing of ours, and only if an answer has ever pointed here: a zone that was made active by hand, or before checks were
 * switched on, is not taken off the edge by them.
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

    /** Whether public DNS decides on the zone: not where its keeper said otherwise, nor where nobody could delegate it. */
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

    public Decision decide(ZoneState zone, Finding finding, Instant now) {
        CheckHistory history = history(zone);
        Verdict verdict = expectation(zone).verdict(finding);
        Next next = switch (zone.zone().status()) {
            case PENDING -> waiting(history.since(), schedule.pendingLife(), verdict, history, now);
            case MOVED -> waiting(movedOn(zone, history, now), schedule.movedLife(), verdict, history, now);
            case ACTIVE -> active(verdict, history);
        };
        return new Decision(
                next.status,
                next.isDeleted,
                new CheckHistory(
                        zone.zone().type(),
                        history.since(),
                        next.status.isPresent() ? 0 : history.checks() + 1,
                        next.failures,
                        Optional.of(CheckHistory.Seen.of(verdict, finding)),
                        Optional.of(now),
                        now.plus(spread(next.gap, zone.zone(), history.checks())),
                        verdict == Verdict.OURS ? Optional.of(now) : history.confirmedOn(),
                        next.status.orElse(zone.zone().status()) == ZoneStatus.MOVED
                                ? Optional.of(movedOn(zone, history, now))
                                : Optional.empty()));
    }

    private static Instant movedOn(ZoneState zone, CheckHistory history, Instant now) {
        return zone.zone().status() == ZoneStatus.MOVED ? history.movedOn().orElse(now) : now;
    }

    private record Next(Optional<ZoneStatus> status, boolean isDeleted, int failures, Duration gap) {}

    private Next waiting(Instant since, Optional<Duration> life, Verdict verdict, CheckHistory history, Instant now) {
        if (verdict == Verdict.OURS) {
            return new Next(Optional.of(ZoneStatus.ACTIVE), false, 0, schedule.interval());
        }
        boolean isOver = verdict != Verdict.UNKNOWN
                && life.filter(l -> !since.plus(l).isAfter(now)).isPresent();
        return new Next(Optional.empty(), isOver, 0, schedule.gap(history.checks() + 1));
    }

    private Next active(Verdict verdict, CheckHistory history) {
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
     * What a check that somebody asks for changes: nothing where the last is too young to ask again. A zone that is due anyway is made due
     * anew, since what its last check came to may not have been written.
     */
    public Optional<Edit> asked(ZoneState zone, Instant now) {
        CheckHistory history = history(zone);
        boolean isTooSoon = history.checkedOn()
                .filter(last -> last.plus(schedule.again()).isAfter(now))
                .isPresent();
        return isTooSoon
                ? Optional.empty()
                : Optional.of(new Edit.PutDocument(
                        CheckHistory.KEY, history.dueAt(now).json()));
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
