package io.anycastle.core.store;

import io.anycastle.core.model.Stamp;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Makes stamps that only ever grow: the wall clock where it is ahead, else one more than the highest stamp made or seen (hybrid logical
 * clocks, Kulkarni et al. 2014). A wall clock that is set back stops the millisecond part, never the order. Any thread.
 */
final class HybridClock {
    private final InstantSource wall;
    private final String nodeId;
    private final long driftMaxMs;
    private long millis;
    private int counter;

    HybridClock(InstantSource wall, String nodeId, Duration driftMax) {
        this.wall = wall;
        this.nodeId = nodeId;
        this.driftMaxMs = driftMax.toMillis();
    }

    /** A stamp above all before. */
    synchronized Stamp next() {
        long now = wall.millis();
        if (now > millis) {
            millis = now;
            counter = 0;
        } else if (counter == Integer.MAX_VALUE) {
            millis++;
            counter = 0;
        } else {
            counter++;
        }
        return new Stamp(millis, counter, nodeId);
    }

    /** Takes note of a stamp that lies on this node's own disk, however far ahead it is. */
    synchronized void seen(Stamp stamp) {
        if (stamp.millis() > millis || (stamp.millis() == millis && stamp.counter() > counter)) {
            millis = stamp.millis();
            counter = stamp.counter();
        }
    }

    /** Whether a stamp from outside is near enough to this node's clock to be believed. */
    boolean isCredible(Stamp stamp) {
        return stamp.millis() <= wall.millis() + driftMaxMs;
    }
}
