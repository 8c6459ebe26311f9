package io.anycastle.app.config;

import io.anycastle.dns.flatten.FlattenConfig;
import java.time.Duration;
import java.util.List;

/** The part of the table of settings that says which CNAMEs are flattened and how the names outside behind them are looked up. */
public final class FlattenKeys {
    private static final KeyList KEYS = new KeyList();
    private static final FlattenConfig DEFAULTS = FlattenConfig.DEFAULTS;
    private static final Duration WEEK = Duration.ofDays(7);

    public static final Key<Boolean> WITHIN_ZONE = KEYS.key(
            "flatten.within-zone",
            Shapes.flag(),
            true,
            "Whether a CNAME to a name of its own zone answers that name's addresses as its own.");
    public static final Key<Duration> TTL_MIN = KEYS.key(
            "flatten.ttl-min",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            DEFAULTS.ttlMin(),
            "A name outside the zones is looked up no more often than this, whatever its TTL.");
    public static final Key<Duration> TTL_MAX = KEYS.key(
            "flatten.ttl-max",
            Shapes.duration(Duration.ofSeconds(1), WEEK),
            DEFAULTS.ttlMax(),
            "A name outside the zones is looked up at least this often.");
    public static final Key<Duration> RETRY_MIN = KEYS.key(
            "flatten.retry-min",
            Shapes.duration(Duration.ofMillis(100), Duration.ofDays(1)),
            DEFAULTS.retryMin(),
            "The pause after a first failure, doubled with each further one.");
    public static final Key<Duration> RETRY_MAX = KEYS.key(
            "flatten.retry-max",
            Shapes.duration(Duration.ofMillis(100), Duration.ofDays(1)),
            DEFAULTS.retryMax(),
            "The longest such pause.");
    public static final Key<Integer> LOOKUPS_MAX = KEYS.key(
            "flatten.lookups-max", Shapes.number(1, 10_000), DEFAULTS.lookupsMax(), "Names looked up at once.");
    public static final Key<Integer> NAMES_MAX = KEYS.key(
            "flatten.names-max",
            Shapes.number(1, 10_000_000),
            DEFAULTS.namesMax(),
            "Names outside the zones that are looked up at all.");

    static final List<Key<?>> ALL = KEYS.all();

    private FlattenKeys() {}
}
