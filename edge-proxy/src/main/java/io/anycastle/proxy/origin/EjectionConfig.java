package io.anycastle.proxy.origin;

import java.time.Duration;

/**
 * When one of several origins of a name is taken out for what its requests met, and how it comes back.
 *
 * @param failuresMax requests in a row that got no answer; then it is out; 0 to 1,000, 0 is never
 * @param gatewayErrorsMax answers in a row that say 502, 503, 504 or 520 to 525; 0 to 1,000, 0 is never
 * @param base how long it is out the first time; the second time it is twice as long, and so on; 1 ms to 1 day
 * @param max the longest that it is out; 1 ms to 1 day. An origin of which nothing was wanted for that long may be forgotten
 * @param jitterPercent by how much more than that it may be, at random; 0 to 100
 * @param sharePercent how many of a name's origins may be out at a time, where nothing stands in for them; one always may, the last
 *     one never; 0 to 100
 * @param slowReturn in what time its share of requests grows back to the whole of it; 0 to 1 day
 * @param originsMax origins that are known at a time; 1 to 1,000,000
 */
public record EjectionConfig(
        int failuresMax,
        int gatewayErrorsMax,
        Duration base,
        Duration max,
        int jitterPercent,
        int sharePercent,
        Duration slowReturn,
        int originsMax) {
    public static final EjectionConfig DEFAULTS = new EjectionConfig(
            5, 5, Duration.ofSeconds(30), Duration.ofMinutes(5), 10, 80, Duration.ofSeconds(30), 10_000);

    /** How many of so many origins of a name may be out when nothing stands in for them. */
    int outMax(int origins) {
        return Math.min(origins - 1, Math.max(1, origins * sharePercent / 100));
    }
}
