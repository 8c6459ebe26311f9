package io.anycastle.core.store.journal;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneImage;
import io.anycastle.core.store.state.ZonePieces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** The image of one moment on its way to the disk: a temporary file, fsync, rename, fsync of the folder. */
public final class Snapshot {
    private final DataFolder folder;
    private final long generation;
    private final long sequence;
    private final StoreImage image;
    private final long tombstonesBefore;

    public Snapshot(DataFolder folder, JournalSettings settings, long generation, long sequence, StoreImage image) {
        this.folder = folder;
        this.generation = generation;
        this.sequence = sequence;
        tombstonesBefore =
                System.currentTimeMillis() - settings.tombstoneLifetime().toMillis();
        this.image = image.withoutTombstonesBefore(tombstonesBefore);
    }

    /** Deletions before that are forgotten. */
    long tombstonesBefore() {
        return tombstonesBefore;
    }

    /** Writes the snapshot, drops what it and the snapshot before it make superfluous, and tells the bytes of the logs since. */
    public long write() throws IOException {
        Path fresh = folder.file("snapshot.tmp");
        try (LogFile file = LogFile.create(fresh)) {
            for (Map.Entry<DomainName, ZoneImage> zone : image.zones().entrySet()) {
                ZonePieces.each(
                        zone.getKey(), zone.getValue(), piece -> file.append(new JournalEntry.Piece(piece).bytes()));
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
