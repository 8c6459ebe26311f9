package io.anycastle.proxy.origin;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests an origin gets that failed elsewhere: a share of its own within a window, so that they are never the load that ends
 * it. Of the last window and this one the busier counts. Any thread, without locks; a few requests may be counted for the wrong window.
 */
final class RetryBudget {
    private final RetryConfig config;
    private final AtomicLong windowFrom;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    private volatile int before;

    RetryBudget(RetryConfig config, long nowNanos) {
        this.config = config;
        this.windowFrom = new AtomicLong(nowNanos);
    }

    /** The origin is asked by a request of its own. */
    void request(long nowNanos) {
        turn(nowNanos);
        requests.incrementAndGet();
    }

    /** Whether the origin may be asked by one that failed elsewhere; it counts then. */
    boolean take(long nowNanos) {
        turn(nowNanos);
        long own = Math.max(requests.get(), before);
        if (retries.get() >= config.budgetMin() + own * config.budgetPercent() / 100) {
            return false;
        }
        retries.incrementAndGet();
        return true;
    }

    private void turn(long nowNanos) {
        long from = windowFrom.get();
        long window = config.window().toNanos();
        if (nowNanos - from >= window && windowFrom.compareAndSet(from, nowNanos)) {
            int last = requests.getAndSet(0);
            before = nowNanos - from < 2 * window ? last : 0;
            retries.set(0);
        }
    }
}
