package io.anycastle.dns.guard;

import java.time.Duration;

/**
 * What the service is protected by.
 *
 * @param logInterval how often what was limited is told at most, 1 s to 1 d
 */
public record GuardConfig(Networks networks, RateLimitConfig rateLimit, CookieConfig cookies, Duration logInterval) {
    public static final GuardConfig DEFAULTS =
            new GuardConfig(Networks.DEFAULTS, RateLimitConfig.DEFAULTS, CookieConfig.DEFAULTS, Duration.ofSeconds(10));

    public GuardConfig withNetworks(Networks other) {
        return new GuardConfig(other, rateLimit, cookies, logInterval);
    }

    public GuardConfig withRateLimit(RateLimitConfig other) {
        return new GuardConfig(networks, other, cookies, logInterval);
    }

    public GuardConfig withCookies(CookieConfig other) {
        return new GuardConfig(networks, rateLimit, other, logInterval);
    }

    public GuardConfig withLogInterval(Duration other) {
        return new GuardConfig(networks, rateLimit, cookies, other);
    }
}
