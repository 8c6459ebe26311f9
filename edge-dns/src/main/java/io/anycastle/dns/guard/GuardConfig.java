package io.anycastle.dns.guard;

import java.time.Duration;

/**
 * What the service is protected by.
 *
 * @param logInterval how often what was limited is told at most, 1 s to 1 d
 */
public record GuardConfig(Networks networks, RateLimitConfig rateLimit, Duration logInterval) {
    public static final GuardConfig DEFAULTS =
            new GuardConfig(Networks.DEFAULTS, RateLimitConfig.DEFAULTS, Duration.ofSeconds(10));

    public GuardConfig withNetworks(Networks other) {
        return new GuardConfig(other, rateLimit, logInterval);
    }

    public GuardConfig withRateLimit(RateLimitConfig other) {
        return new GuardConfig(networks, other, logInterval);
    }

    public GuardConfig withLogInterval(Duration other) {
        return new GuardConfig(networks, rateLimit, other);
    }
}
