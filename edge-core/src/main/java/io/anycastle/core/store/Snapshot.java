package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The image of one moment on its way to the disk: a temporary file, fsync, rename, fsync of the folder. */
final class Snapshot {
    private static final int PIECE_NAMES = 1_000;

    private final DataFolder folder;
    private final long generation;
    private final long sequence;
    private final StoreImage image;
    private final long tombstonesBefore;

    Snapshot(DataFolder folder, StoreConfig config, long generation, long sequence, StoreImage image) {
        this.folder = folder;
        this.generation = generation;
        this.sequence = sequence;
        tombstonesBefore =
                System.currentTimeMillis() - config.tombstoneLifetime().toMillis();
        this.image = image.withoutTombstonesBefore(tombstonesBefore);
    }

    /** Deletions before that are forgotten. */
    long tombstonesBefore() {
        return tombstonesBefore;
    }

    /** Writes the snapshot, drops what it and the snapshot before it make superfluous, and tells the bytes of the logs since. */
    long write() throws IOException {
        Path fresh = folder.file("snapshot.tmp");
        try (LogFile file = LogFile.create(fresh)) {
            for (Map.Entry<DomainName, ZoneImage> zone : image.zones().entrySet()) {
                append(file, zone.getKey(), zone.getValue());
            }
            file.append(new JournalEntry.End(sequence).bytes());
            file.force();
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        Files.move(fresh, folder.file(JournalRecovery.snapshotName(generation)), StandardCopyOption.ATOMIC_MOVE);
        folder.sync();
        return dropOld();
    }

    /** The first piece holds all but the names, and the first names. */
    private static void append(LogFile file, DomainName name, ZoneImage zone) throws IOException {
        ZoneDelta carrier = rest(name, zone);
        List<NameRecords> piece = new ArrayList<>(PIECE_NAMES);
        if (zone.state().isPresent()) {
            for (NameRecords records : zone.state().get().names().values()) {
                piece.add(records);
                if (piece.size() == PIECE_NAMES) {
                    append(file, carrier, piece);
                    carrier = bare(carrier);
                }
            }
        }
        for (Map.Entry<DomainName, Stamp> tombstone : zone.tombstones().entrySet()) {
            piece.add(new NameRecords(tombstone.getKey(), tombstone.getValue(), List.of()));
            if (piece.size() == PIECE_NAMES) {
                append(file, carrier, piece);
                carrier = bare(carrier);
            }
        }
        append(file, carrier, piece);
    }

    private static void append(LogFile file, ZoneDelta carrier, List<NameRecords> names) throws IOException {
        file.append(new JournalEntry.Piece(carrier.withNames(names)).bytes());
        names.clear();
    }

    private static ZoneDelta bare(ZoneDelta rest) {
        return new ZoneDelta(
                rest.zone(),
                Set.of(),
                rest.stamp(),
                rest.head(),
                List.of(),
                List.of(),
                Map.of(),
                ZoneDelta.Losses.NONE);
    }

    /** All of the zone but its names. */
    static ZoneDelta rest(DomainName name, ZoneImage zone) {
        var losses = new ZoneDelta.Losses(List.copyOf(zone.conflicts().values()), Set.of());
        return new ZoneDelta(
                name, Set.of(), zone.stamp(), zone.head(), List.of(), zone.allDocuments(), zone.seen(), losses);
    }

    private long dropOld() throws IOException {
        long previous = 0;
        long bytes = 0;
        List<Path> files;
        try (var list = Files.list(folder.path())) {
            files = list.filter(p -> p.getFileName().toString().matches("(log|snapshot)-\\d{10}"))
                    .toList();
        }
        for (Path file : files) {
            long of = generationOf(file);
            if (isSnapshot(file) && of < generation) {
                previous = Math.max(previous, of);
            }
        }
        for (Path file : files) {
            long of = generationOf(file);
            if (of < previous) {
                Files.deleteIfExists(file);
            } else if (!isSnapshot(file) && of >= generation) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static boolean isSnapshot(Path file) {
        return file.getFileName().toString().startsWith("snapshot-");
    }

    private static long generationOf(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(name.indexOf('-') + 1));
    }
}
