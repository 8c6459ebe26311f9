package io.anycastle.core.store.state;

import io.anycastle.core.model.Stamp;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Makes stamps that only ever grow: the wall clock where it is ahead, else one more than the highest stamp made or seen (hybrid logical
 * clocks, Kulkarni et al. 2014). A wall clock that is set back stops the millisecond part, never the order. Any thread.
 */
public final class HybridClock {
    private final InstantSource wall;
    private final String nodeId;
    private final long driftMaxMs;
    private long millis;
    private int counter;
    private long correctionMs;

    public HybridClock(InstantSource wall, String nodeId, Duration driftMax) {
        this.wall = wall;
        this.nodeId = nodeId;
        this.driftMaxMs = driftMax.toMillis();
    }

    /** A stamp above all before, and above that one, however far ahead it is. */
    public synchronized Stamp next(Stamp above) {
        Stamp next = next();
        if (next.compareTo(above) > 0) {
            return next;
        }
        return above.counter() == Integer.MAX_VALUE
                ? new Stamp(above.millis() + 1, 0, nodeId)
                : new Stamp(above.millis(), above.counter() + 1, nodeId);
    }

    /** A stamp above all before. */
    public synchronized Stamp next() {
        long now = now();
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

    /** Takes note of a stamp from outside, if it is to be believed: one far ahead must not drag all later ones with it. */
    public synchronized boolean heard(Stamp stamp) {
        if (stamp.millis() > stampMillisMax()) {
            return false;
        }
        seen(stamp);
        return true;
    }

    /** The wall clock's time with the correction that the other nodes' clocks suggest, in milliseconds since 1970. */
    public synchronized long now() {
        return wall.millis() + correctionMs;
    }

    /** The wall clock's time as it is. */
    public long wallMillis() {
        return wall.millis();
    }

    /** How far a stamp may be ahead and still be believed. */
    public long stampMillisMax() {
        return now() + driftMaxMs;
    }

    public long driftMaxMs() {
        return driftMaxMs;
    }

    /** Sets by how much the wall clock is off, as far as the other nodes' clocks tell; what was made before stays below what comes. */
    public synchronized void correct(long offsetMs) {
        correctionMs = offsetMs;
    }

    public synchronized long correctionMs() {
        return correctionMs;
    }
}
