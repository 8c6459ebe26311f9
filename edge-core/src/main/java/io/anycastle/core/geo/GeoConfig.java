package io.anycastle.core.geo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which GeoIP files clients are looked up in.
 *
 * @param country a database in MaxMind's format with countries: of countries or of cities
 * @param asn one with numbers of autonomous systems
 * @param check how often it is looked whether they are others, 1 s to 1 day
 */
public record GeoConfig(Optional<Path> country, Optional<Path> asn, Duration check) {
    public static final GeoConfig NONE = new GeoConfig(Optional.empty(), Optional.empty(), Duration.ofMinutes(1));

    public boolean hasFiles() {
        return country.isPresent() || asn.isPresent();
    }
}
