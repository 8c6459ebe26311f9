package io.anycastle.proxy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final Duration STILL = Duration.ofMillis(500);

    private Await() {}

    public static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the condition did not become true");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Waits until a number has not moved for a while, and tells it. */
    public static long standstill(AtomicLong number) {
        long[] seen = {-1, System.nanoTime()};
        until(() -> {
            long now = number.get();
            if (now != seen[0]) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            return now > 0 && System.nanoTime() - seen[1] > STILL.toNanos();
        });
        return seen[0];
    }
}
