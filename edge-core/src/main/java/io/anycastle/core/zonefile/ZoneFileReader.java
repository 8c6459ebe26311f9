package io.anycastle.core.zonefile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.change.ZoneRules;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads BIND master files of any size, one entry at a time. Each bad line is told with what was expected, and reading goes on.
 *
 * <p>What the edge makes itself (SOA, the zone's own NS, signatures) is left out with a warning; a TTL out of range is taken to the
 * nearest one with a warning; a record that the file holds twice counts once; {@code $INCLUDE} is refused: a file from outside must not
 * name files of this machine.
 */
public final class ZoneFileReader {
    private final DomainName zone;
    private final ZoneRules rules;
    private final ZoneFileLimits limits;

    public ZoneFileReader(DomainName zone, ZoneRules rules, ZoneFileLimits limits) {
        this.zone = zone;
        this.rules = rules;
        this.limits = limits;
    }

    /** Reads a file in UTF-8. */
    public ZoneFile read(Path file) throws IOException {
        try (Reader in = new java.io.InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
            return read(in, String.valueOf(file.getFileName()));
        }
    }

    /**
     * Reads to the end; the caller closes the reader.
     *
     * @param file what messages call it
     */
    public ZoneFile read(Reader in, String file) throws IOException {
        MasterFileScanner scanner = new MasterFileScanner(new BufferedReader(in, 1 << 16), limits.entryCharsMax());
        ZoneFileReading reading = new ZoneFileReading(zone, rules, limits, file);
        Optional<MasterFileEntry> entry = scanner.next();
        while (entry.isPresent()) {
            reading.take(entry.get());
            entry = scanner.next();
        }
        return reading.result();
    }
}
