package io.anycastle.core.store.journal;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Ttl;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.Stores;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Journals without a store around them, for tests. */
public final class Journals {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00.123456789Z");
    /** About now, and the same for all that a test compares. */
    private static final long MILLIS = System.currentTimeMillis() / 1_000_000 * 1_000_000;

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    /** As a node has them by default. */
    static final JournalSettings SETTINGS = new JournalSettings(64 << 20, 256 << 20, Duration.ofDays(30));

    /** A snapshot each 64 KiB. */
    static final JournalSettings SMALL =
            new JournalSettings(64 << 10, SETTINGS.entryBytesMax(), SETTINGS.tombstoneLifetime());

    private Journals() {}

    /** A journal with its folder. */
    public record Opened(DataFolder folder, Journal journal, JournalCounters counters) implements AutoCloseable {
        @Override
        public void close() {
            journal.close();
            folder.close();
        }

        /** Appends and settles the version's delta: it writes name {@code n<version>}. */
        void write(long version) throws JournalException, TimeoutException {
            journal.settle(journal.append(delta(version), LONG_ENOUGH));
        }

        Journal.Appended append(long version) throws JournalException, TimeoutException {
            return journal.append(delta(version), LONG_ENOUGH);
        }
    }

    public static Opened open(Path path) throws IOException {
        return open(path, SETTINGS);
    }

    public static Opened open(Path path, JournalSettings settings) throws IOException {
        DataFolder folder = DataFolder.open(path);
        JournalCounters counters = new JournalCounters();
        return new Opened(folder, Journal.open(folder, settings, counters), counters);
    }

    public static ZoneDelta delta(long version) {
        return delta(version, names(version, 1));
    }

    public static ZoneDelta delta(long version, List<NameRecords> names) {
        return delta(Stores.ZONE, stamp(version), head(version), names);
    }

    public static ZoneDelta delta(DomainName zone, Stamp stamp, Zone head, List<NameRecords> names) {
        return new ZoneDelta(
                zone,
                Set.of(),
                stamp,
                Optional.of(new ZoneHead(head, stamp)),
                names,
                List.of(),
                Map.of(),
                ZoneDelta.Losses.NONE);
    }

    public static List<NameRecords> names(long version, int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> name(count == 1 ? "n" + version : "n" + version + "-" + i, version))
                .toList();
    }

    public static NameRecords name(String label, long version) {
        DomainName name = DomainName.of(label + ".example.com");
        Record record = new Record(
                String.format(Locale.ROOT, "%08x%024x", label.hashCode(), version),
                name,
                RecordType.A,
                "192.0.2.1",
                OptionalInt.of(7),
                new Ttl(300),
                true,
                new RecordSettings(true, false, false),
                "why \u00e4",
                List.of("a:b"),
                THEN,
                THEN.plusSeconds(version),
                Rdata.of(new byte[] {(byte) 192, 0, 2, 1}));
        return new NameRecords(name, stamp(version), List.of(record));
    }

    public static NameRecords tombstone(String label, long version) {
        return new NameRecords(DomainName.of(label + ".example.com"), stamp(version), List.of());
    }

    public static Stamp stamp(long version) {
        return new Stamp(MILLIS + version, 3, "node-1");
    }

    public static Zone head(long version) {
        return new Zone(
                "0123456789abcdef0123456789abcdef",
                Stores.ZONE,
                ZoneType.FULL,
                ZoneStatus.ACTIVE,
                false,
                version,
                (int) (0xffff_fff0L + version),
                List.of(DomainName.of("ns1.edge.test")),
                THEN,
                THEN.plusNanos(version),
                Optional.of(THEN));
    }

    public static Path log(Path folder) throws IOException {
        return files(folder, "log-\\d+").getLast();
    }

    public static List<Path> files(Path folder, String pattern) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    public static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : files(from, "(log|snapshot)-\\d+")) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    public static List<String> names(Opened opened) {
        return names(opened.journal().image());
    }

    public static List<String> names(StoreImage image) {
        Optional<ZoneState> state = image.zone(Stores.ZONE).state();
        return state.stream()
                .flatMap(s -> s.names().keySet().stream())
                .map(name -> name.relativeTo(Stores.ZONE))
                .toList();
    }
}
