package io.anycastle.core.activation;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When zones are looked at.
 *
 * @param first from a zone's creation, or a change of its type, to its first check; each gap that follows is twice as long as the one before
 * @param gapMax the longest gap while a zone is pending or moved
 * @param interval between checks of an active zone
 * @param retry between checks of an active zone for which no good answer came
 * @param failuresMax answers in a row that point elsewhere until an active zone is moved
 * @param again the shortest time from one check to one that somebody asks for
 * @param pendingLife after which a zone is deleted that is pending since its creation or a change of its type; empty for never
 * @param movedLife the same for one that has moved
 */
public record CheckSchedule(
        Duration first,
        Duration gapMax,
        Duration interval,
        Duration retry,
        int failuresMax,
        Duration again,
        Optional<Duration> pendingLife,
        Optional<Duration> movedLife) {
    public static final CheckSchedule DEFAULTS = new CheckSchedule(
            Duration.ofMinutes(1),
            Duration.ofHours(2),
            Duration.ofHours(6),
            Duration.ofMinutes(30),
            5,
            Duration.ofSeconds(5),
            Optional.empty(),
            Optional.empty());

    /** Longer than any gap that this schedule makes, spread included. */
    Duration bound() {
        Duration longest = Stream.of(first, gapMax, interval, retry)
                .max(Duration::compareTo)
                .orElseThrow();
        return longest.plus(longest.dividedBy(8));
    }

    /** The gap after so many checks, from 1. */
    Duration gap(int checks) {
        int doublings = Math.min(checks, 30);
        Duration gap = first.multipliedBy(1L << doublings);
        return gap.compareTo(gapMax) < 0 ? gap : gapMax;
    }
}
