package io.anycastle.dns.steer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How proxied names are answered with the addresses of nodes.
 *
 * @param nodesAnswered how many nodes an answer names at most, 1 to 16
 * @param ttlSeconds of such an answer, 1 to 86,400: for so long a client may stay with a node that is gone
 * @param geoFile a database in MaxMind's format with locations; without one, weights alone decide
 * @param geoCheck how often it is looked whether the file is another, 1 s to 1 day
 */
public record SteerConfig(int nodesAnswered, int ttlSeconds, Optional<Path> geoFile, Duration geoCheck) {
    public static final SteerConfig DEFAULTS = new SteerConfig(2, 60, Optional.empty(), Duration.ofMinutes(1));

    public SteerConfig withGeoFile(Path file) {
        return new SteerConfig(nodesAnswered, ttlSeconds, Optional.of(file), geoCheck);
    }
}
