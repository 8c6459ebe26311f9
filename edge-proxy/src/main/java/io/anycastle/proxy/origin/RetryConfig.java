package io.anycastle.proxy.origin;

import java.time.Duration;

/**
 * When a request that failed at one of several origins goes to another.
 *
 * @param max how often a request does; 0 to 10
 * @param bodyBytesMax of a request's body that is kept so that it can be sent again; 0 to 16 MiB
 * @param bodiesBytesMax of all bodies that are kept, for each thread of the proxy; 0 to 1 GiB
 * @param budgetPercent how many of an origin's requests within the window may be such; 0 to 100
 * @param budgetMin how many may be however few the others are; 0 to 1,000,000
 * @param window 100 ms to 1 hour
 */
public record RetryConfig(
        int max, int bodyBytesMax, long bodiesBytesMax, int budgetPercent, int budgetMin, Duration window) {
    public static final RetryConfig DEFAULTS =
            new RetryConfig(2, 64 * 1024, 16L * 1024 * 1024, 20, 10, Duration.ofSeconds(10));
}
