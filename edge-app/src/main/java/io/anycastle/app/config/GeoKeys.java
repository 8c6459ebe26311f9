package io.anycastle.app.config;

import io.anycastle.core.geo.GeoConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of which files say where a proxy's client is. */
public final class GeoKeys {
    private static final KeyList KEYS = new KeyList();

    public static final Key<Optional<Path>> COUNTRY = KEYS.optional(
            "geoip.country",
            Shapes.path("a database of countries or cities in MaxMind's format"),
            "With it origins are told a visitor's country in CF-IPCountry, and the access log has it. Move a new file into its place, do not"
                    + " write over it.");
    public static final Key<Optional<Path>> ASN = KEYS.optional(
            "geoip.asn",
            Shapes.path("a database of autonomous systems in MaxMind's format"),
            "With it the access log tells whose network a visitor comes from.");
    public static final Key<Duration> CHECK = KEYS.key(
            "geoip.check",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            GeoConfig.NONE.check(),
            "How often it is looked whether these files are others.");

    static final List<Key<?>> ALL = KEYS.all();

    private GeoKeys() {}
}
