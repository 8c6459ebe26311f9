package io.anycastle.proxy.health;

import java.time.Duration;

/**
 * How origins are checked that have a health check.
 *
 * @param interval from one check of an origin to the next, where the check says nothing; 1 s to 1 hour
 * @param timeout of one try, where the check says nothing; 1 s to 1 minute
 * @param retries further tries after one that failed, where the check says nothing; 0 to 5
 * @param exchangeInterval how often the other nodes are asked what they found; 100 ms to 1 minute
 * @param runningMax checks under way at a time; 1 to 10,000
 * @param checksMax origins that are checked; 1 to 1,000,000
 * @param bodyMax longest answer to a check, octets; 1 KiB to 16 MiB
 */
public record HealthConfig(
        Duration interval,
        Duration timeout,
        int retries,
        Duration exchangeInterval,
        int runningMax,
        int checksMax,
        int bodyMax) {
    public static final HealthConfig DEFAULTS = new HealthConfig(
            Duration.ofSeconds(60), Duration.ofSeconds(5), 2, Duration.ofSeconds(1), 256, 10_000, 64 * 1024);
}
