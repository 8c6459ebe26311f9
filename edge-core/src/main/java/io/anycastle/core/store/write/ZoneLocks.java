package io.anycastle.core.store.write;

import io.anycastle.core.model.DomainName;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One lock for each zone, and a way to wait for its changes, out of a fixed number, so that names that were only asked for leave nothing behind. */
public final class ZoneLocks {
    private static final int COUNT = 1024;

    private final ReentrantLock[] locks = new ReentrantLock[COUNT];
    private final Condition[] changes = new Condition[COUNT];

    public ZoneLocks() {
        for (int i = 0; i < COUNT; i++) {
            locks[i] = new ReentrantLock();
            changes[i] = locks[i].newCondition();
        }
    }

    public ReentrantLock of(DomainName zone) {
        return locks[indexOf(zone)];
    }

    /** Tells those who wait that the zone has a new state. The caller holds the zone's lock. */
    void changed(DomainName zone) {
        changes[indexOf(zone)].signalAll();
    }

    /** Lets others at the zone until it may have changed, at most that long. The caller holds the zone's lock. */
    @SuppressWarnings("WaitNotInLoop") // callers look at the zone again, whatever woke them
    public void awaitChange(DomainName zone, Duration time) throws InterruptedException {
        long left = changes[indexOf(zone)].awaitNanos(time.toNanos());
        if (left <= 0) {
            Thread.onSpinWait(); // the time is up; callers know by their own deadline
        }
    }

    private static int indexOf(DomainName zone) {
        return Math.floorMod(zone.hashCode(), COUNT);
    }
}
