package io.anycastle.proxy.health;

import io.anycastle.proxy.health.HealthReport.Finding;

/**
 * What the nodes say of one origin, as far as they have checked it within two intervals.
 *
 * @param up nodes that found it up
 * @param down nodes that found it down
 */
record Votes(int up, int down) {
    static final Votes NONE = new Votes(0, 0);

    private static final int INTERVALS = 2;

    /** With one more node's finding, where that is new enough. */
    Votes with(Finding finding, long intervalMs) {
        if (finding.ageMs() > INTERVALS * intervalMs) {
            return this;
        }
        return switch (finding.verdict()) {
            case UP -> new Votes(up + 1, down);
            case DOWN -> new Votes(up, down + 1);
            case UNKNOWN -> this;
        };
    }

    /** Whether the majority says that it is down; as before where nobody says anything. */
    boolean isOut(boolean before) {
        return up + down == 0 ? before : down > up;
    }
}
