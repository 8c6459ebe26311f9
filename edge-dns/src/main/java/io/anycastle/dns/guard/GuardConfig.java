package io.anycastle.dns.guard;

import io.anycastle.core.limit.Networks;
import java.time.Duration;

/**
 * What the service is protected by.
 *
 * @param connectionsMax of one client network at a time, over all streams; 1 to 1,000,000
 * @param logInterval how often what was limited is told at most, 1 s to 1 d
 */
public record GuardConfig(
        Networks networks,
        RateLimitConfig rateLimit,
        CookieConfig cookies,
        RandomLabelConfig randomLabels,
        int connectionsMax,
        Duration logInterval) {
    public static final GuardConfig DEFAULTS = new GuardConfig(
            Networks.DEFAULTS,
            RateLimitConfig.DEFAULTS,
            CookieConfig.DEFAULTS,
            RandomLabelConfig.DEFAULTS,
            200,
            Duration.ofSeconds(10));

    public GuardConfig withNetworks(Networks other) {
        return new GuardConfig(other, rateLimit, cookies, randomLabels, connectionsMax, logInterval);
    }

    public GuardConfig withRateLimit(RateLimitConfig other) {
        return new GuardConfig(networks, other, cookies, randomLabels, connectionsMax, logInterval);
    }

    public GuardConfig withCookies(CookieConfig other) {
        return new GuardConfig(networks, rateLimit, other, randomLabels, connectionsMax, logInterval);
    }

    public GuardConfig withRandomLabels(RandomLabelConfig other) {
        return new GuardConfig(networks, rateLimit, cookies, other, connectionsMax, logInterval);
    }

    public GuardConfig withConnectionsMax(int other) {
        return new GuardConfig(networks, rateLimit, cookies, randomLabels, other, logInterval);
    }

    public GuardConfig withLogInterval(Duration other) {
        return new GuardConfig(networks, rateLimit, cookies, randomLabels, connectionsMax, other);
    }
}
