package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import java.util.concurrent.locks.ReentrantLock;

/** One lock for each zone out of a fixed number, so that names that were only asked for leave nothing behind. */
final class ZoneLocks {
    private static final int COUNT = 1024;

    private final ReentrantLock[] locks = new ReentrantLock[COUNT];

    ZoneLocks() {
        for (int i = 0; i < COUNT; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    ReentrantLock of(DomainName zone) {
        return locks[Math.floorMod(zone.hashCode(), COUNT)];
    }
}
