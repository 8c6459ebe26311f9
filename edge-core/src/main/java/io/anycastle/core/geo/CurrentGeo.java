package io.anycastle.core.geo;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GeoIP files of this moment, by which clients are looked up: countries in one, numbers of autonomous systems in another, or both in the
 * same. Any thread.
 */
public final class CurrentGeo {
    /** Without any file. */
    public static final CurrentGeo NONE = new CurrentGeo(GeoConfig.NONE);

    private static final Logger LOG = LoggerFactory.getLogger(CurrentGeo.class);
    private static final int IPV6_OCTETS = 16;
    private static final int PROBED_MAX = 100_000;

    private final @Nullable Database countries;
    private final @Nullable Database systems;
    private final Duration check;

    /** Whether a record says what its file is there for. */
    private interface Probe {
        boolean says(GeoFile file, int place);
    }

    /** One of the files. */
    private static final class Database {
        private final GeoFileWatch watch;
        private final String what;
        private final Probe probe;
        private volatile @Nullable GeoFile file;

        Database(Path path, String what, Probe probe) {
            this.watch = new GeoFileWatch(path);
            this.what = what;
            this.probe = probe;
        }

        /** Takes the file that is there now, if it is another. */
        void load() throws IOException {
            Optional<GeoFile> found = watch.readIfOther(this::checked);
            if (found.isPresent()) {
                file = found.get();
                LOG.info(
                        "clients are looked up in the GeoIP file {} ({})",
                        watch.path(),
                        found.get().type());
            }
        }

        private GeoFile checked(GeoFile read) throws IOException {
            Seen seen = new Seen();
            read.places(place -> {
                seen.isFound = probe.says(read, place);
                return !seen.isFound && ++seen.count < PROBED_MAX;
            });
            if (!seen.isFound) {
                throw new IOException("its type, " + read.type() + ", has no " + what);
            }
            return read;
        }
    }

    /** What was seen of a file's records. */
    private static final class Seen {
        int count;
        boolean isFound;
    }

    private CurrentGeo(GeoConfig config) {
        countries = config.country()
                .map(path -> new Database(
                        path, "countries", (file, place) -> !file.country(place).isEmpty()))
                .orElse(null);
        systems = config.asn()
                .map(path -> new Database(path, "numbers of autonomous systems", (file, place) -> file.asn(place) != 0))
                .orElse(null);
        check = config.check();
    }

    /**
     * Reads the files. Blocks.
     *
     * @throws IOException when one of them cannot be used; the message names it and says why
     */
    public static CurrentGeo open(GeoConfig config) throws IOException {
        if (!config.hasFiles()) {
            return NONE;
        }
        CurrentGeo opened = new CurrentGeo(config);
        if (opened.countries != null) {
            opened.countries.load();
        }
        if (opened.systems != null) {
            opened.systems.load();
        }
        return opened;
    }

    /** Whether there is anything to look up. */
    public boolean hasFiles() {
        return countries != null || systems != null;
    }

    /** How often {@link #checkFiles} wants to be called, milliseconds; 0 for never. */
    public long checkMs() {
        return hasFiles() ? check.toMillis() : 0;
    }

    /** Looks whether the files are others now, and takes them; one that cannot be used is told and the last one kept. Blocks. */
    public void checkFiles() {
        check(countries);
        check(systems);
    }

    private static void check(@Nullable Database database) {
        if (database == null) {
            return;
        }
        try {
            database.load();
        } catch (IOException e) {
            LOG.error("{}; the last one that could be used stays", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("the GeoIP file could not be taken up; the last one that could be used stays", e);
        }
    }

    /** What the files say of an address; a few memory accesses, for once a connection. */
    public AddressFacts find(InetAddress address) {
        if (!hasFiles()) {
            return AddressFacts.NONE;
        }
        ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        boolean isIpv6 = octets.remaining() == IPV6_OCTETS;
        long high = isIpv6 ? octets.getLong() : 0;
        long low = isIpv6 ? octets.getLong() : Integer.toUnsignedLong(octets.getInt());
        return new AddressFacts(country(isIpv6, high, low), asn(isIpv6, high, low));
    }

    private String country(boolean isIpv6, long high, long low) {
        GeoFile file = countries == null ? null : countries.file;
        if (file == null) {
            return "";
        }
        int place = place(file, isIpv6, high, low);
        String country = place == GeoFile.UNKNOWN ? "" : file.country(place);
        return country.isEmpty() ? AddressFacts.NO_COUNTRY : country;
    }

    private long asn(boolean isIpv6, long high, long low) {
        GeoFile file = systems == null ? null : systems.file;
        int place = file == null ? GeoFile.UNKNOWN : place(file, isIpv6, high, low);
        return file == null || place == GeoFile.UNKNOWN ? 0 : file.asn(place);
    }

    private static int place(GeoFile file, boolean isIpv6, long high, long low) {
        return (int) (file.find(isIpv6, high, low) >> Integer.SIZE);
    }
}
