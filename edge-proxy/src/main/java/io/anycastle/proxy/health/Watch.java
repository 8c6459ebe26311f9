package io.anycastle.proxy.health;

import io.anycastle.proxy.health.HealthReport.Finding;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One address that is checked in one way. Of the checking thread alone, but for the volatile fields and the status.
 */
final class Watch {
    /** The same key for ever; how it is made may change with the configuration. */
    volatile HealthProbe probe;
    /** The records of which it is an origin. */
    final Set<CheckedRecord> users = new HashSet<>();

    /** When the next check is due. */
    long dueNanos;

    /** Tries that are left of the running check. */
    int triesLeft;

    /** Whether a check has ended. */
    boolean isChecked;

    private volatile Health verdict = Health.UNKNOWN;
    private volatile long checkedNanos;
    private volatile String reason = "";
    private volatile Votes votes = Votes.NONE;
    private volatile boolean isOut;
    private volatile boolean hasChanged;
    private volatile long changedNanos;

    Watch(HealthProbe probe) {
        this.probe = probe;
    }

    long intervalNanos() {
        return probe.interval().toNanos();
    }

    Health verdict() {
        return verdict;
    }

    String reason() {
        return reason;
    }

    /** A check has ended. */
    void checked(Health found, String why, long nowNanos) {
        isChecked = true;
        reason = why;
        checkedNanos = nowNanos;
        verdict = found;
    }

    Finding finding(long nowNanos) {
        Health now = verdict;
        long age = now == Health.UNKNOWN ? 0 : TimeUnit.NANOSECONDS.toMillis(nowNanos - checkedNanos);
        return new Finding(now, Math.clamp(age, 0, Integer.MAX_VALUE));
    }

    /**
     * What the nodes say.
     *
     * @return whether it goes out by that, or comes back
     */
    boolean decide(Votes next, long nowNanos) {
        votes = next;
        boolean before = isOut;
        boolean after = next.isOut(before);
        if (before == after) {
            return false;
        }
        changedNanos = nowNanos;
        hasChanged = true;
        isOut = after;
        return true;
    }

    Votes votes() {
        return votes;
    }

    boolean isOut() {
        return isOut;
    }

    long changedNanos(long never) {
        return hasChanged ? changedNanos : never;
    }

    /** Whether this one went out after the other, both being out. */
    boolean isOutLaterThan(Watch other) {
        return changedNanos - other.changedNanos > 0;
    }

    HealthStatus status(long nowNanos) {
        Finding finding = finding(nowNanos);
        Votes said = votes;
        return new HealthStatus(
                probe.text(),
                isOut,
                finding.verdict().name().toLowerCase(java.util.Locale.ROOT),
                finding.verdict() == Health.UNKNOWN ? -1 : finding.ageMs(),
                reason,
                said.up(),
                said.down());
    }
}
