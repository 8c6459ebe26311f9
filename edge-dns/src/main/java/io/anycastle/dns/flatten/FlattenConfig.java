package io.anycastle.dns.flatten;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How names outside our zones are looked up for flattened CNAMEs.
 *
 * @param ttlMin no name is asked about more often, whatever its TTL, which is answered as it is; 1 s to 1 day
 * @param ttlMax a longer TTL counts as this; 1 s to 7 days
 * @param retryMin after a first failure, doubled with each further one; 100 ms to 1 day
 * @param retryMax the longest time between failures; 100 ms to 1 day
 * @param lookupsMax names that are looked up at once; 1 to 10,000
 * @param namesMax names that are looked up at all; more are left out, counted and told; 1 to 10,000,000
 * @param file keeps what was learnt over restarts; empty keeps it in memory only
 */
public record FlattenConfig(
        Duration ttlMin,
        Duration ttlMax,
        Duration retryMin,
        Duration retryMax,
        int lookupsMax,
        int namesMax,
        Optional<Path> file) {
    public static final FlattenConfig DEFAULTS = new FlattenConfig(
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            64,
            100_000,
            Optional.empty());

    public FlattenConfig withFile(Path other) {
        return new FlattenConfig(ttlMin, ttlMax, retryMin, retryMax, lookupsMax, namesMax, Optional.of(other));
    }
}
