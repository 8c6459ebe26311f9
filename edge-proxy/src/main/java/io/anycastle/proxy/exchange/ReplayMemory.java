package io.anycastle.proxy.exchange;

import io.anycastle.proxy.origin.RetryConfig;

/** How much is kept of requests' bodies so that they can be sent again. Belongs to one event loop. */
final class ReplayMemory {
    private final RetryConfig config;
    private long used;

    ReplayMemory(RetryConfig config) {
        this.config = config;
    }

    /** Of one body. */
    int bodyBytesMax() {
        return config.bodyBytesMax();
    }

    /** Whether so many octets more may be kept; they are then. */
    boolean take(int bytes) {
        if (used + bytes > config.bodiesBytesMax()) {
            return false;
        }
        used += bytes;
        return true;
    }

    void giveBack(int bytes) {
        used -= bytes;
    }
}
