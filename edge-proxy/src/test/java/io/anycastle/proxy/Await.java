package io.anycastle.proxy;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

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
}
