package io.anycastle.app.config;

import io.anycastle.core.model.HealthCheck;
import io.anycastle.proxy.health.HealthConfig;
import java.time.Duration;
import java.util.List;

/** The part of the table of settings that is about health checks of origins. */
public final class HealthKeys {
    private static final KeyList KEYS = new KeyList();
    private static final HealthConfig DEFAULTS = HealthConfig.DEFAULTS;

    public static final Key<Duration> INTERVAL = KEYS.key(
            "health.interval",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofSeconds(HealthCheck.INTERVAL_MAX)),
            DEFAULTS.interval(),
            "From one check of an origin to the next, where its health check does not say it. It differs by a tenth, up and down.");
    public static final Key<Duration> TIMEOUT = KEYS.key(
            "health.timeout",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofSeconds(HealthCheck.TIMEOUT_MAX)),
            DEFAULTS.timeout(),
            "How long one try may take, where the health check does not say it.");
    public static final Key<Integer> RETRIES = KEYS.key(
            "health.retries",
            Shapes.number(0, HealthCheck.RETRIES_MAX),
            DEFAULTS.retries(),
            "Further tries, made at once, after one that failed, where the health check does not say it.");
    public static final Key<Duration> EXCHANGE = KEYS.key(
            "health.exchange-interval",
            Shapes.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
            DEFAULTS.exchangeInterval(),
            "How often the other nodes are asked what they found.");
    public static final Key<Integer> RUNNING = KEYS.key(
            "health.running-max",
            Shapes.number(1, 10_000),
            DEFAULTS.runningMax(),
            "Checks under way at a time; others wait.");
    public static final Key<Integer> CHECKS = KEYS.key(
            "health.checks-max",
            Shapes.number(1, 1_000_000),
            DEFAULTS.checksMax(),
            "Origins that are checked; further ones are not, and that is told and counted.");
    public static final Key<Integer> BODY = KEYS.key(
            "health.body-max",
            Shapes.bytes(1_024, 16 << 20),
            DEFAULTS.bodyMax(),
            "The longest answer to a check; a longer one is a failure.");

    static final List<Key<?>> ALL = KEYS.all();

    private HealthKeys() {}
}
