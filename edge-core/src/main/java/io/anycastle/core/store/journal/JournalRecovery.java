package io.anycastle.core.store.journal;

import io.anycastle.core.model.Stamp;
import io.anycastle.core.store.state.PieceCollector;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneImage;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal of a data folder: the newest whole snapshot, then the logs from its generation on. {@code snapshot-N} holds
 * everything that stood in logs before {@code log-N}. The generation before the newest snapshot is kept, so that a damaged snapshot costs
 * nothing.
 *
 * <p>Damage is never skipped: what stands before it is used, the rest is set aside in a file of the same folder, and {@link #damage}
 * says so.
 */
final class JournalRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRecovery.class);
    private static final Pattern NAME = Pattern.compile("(log|snapshot)-(\\d{10})");

    private final DataFolder folder;
    private final int entryBytesMax;
    private final NavigableSet<Long> logs = new TreeSet<>();
    private final NavigableSet<Long> snapshots = new TreeSet<>();
    private final List<String> damage = new ArrayList<>();
    private final LogReplay changes = new LogReplay();
    private PieceCollector pieces = new PieceCollector();
    private boolean hasPieces;
    private StoreImage image = StoreImage.EMPTY;
    private long sequence;
    private long generation;
    private long goodBytes;
    private long logBytes;
    private boolean ended;

    JournalRecovery(DataFolder folder, int entryBytesMax) {
        this.folder = folder;
        this.entryBytesMax = entryBytesMax;
    }

    /** Reads everything; call once. */
    JournalRecovery read() throws IOException {
        list();
        long base = readSnapshot();
        generation = Math.max(base, 1);
        for (long log : List.copyOf(logs.tailSet(base))) {
            boolean follows = log == generation || (goodBytes > 0 && log == generation + 1);
            if (damage.isEmpty() && !follows) {
                damaged(logName(log), "the log before it is missing");
            }
            if (damage.isEmpty()) {
                readLog(log);
            } else {
                setAside(folder.file(logName(log)), 0);
            }
        }
        image = changes.onto(image);
        return this;
    }

    private void list() throws IOException {
        try (Stream<Path> files = Files.list(folder.path())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                Matcher matcher = NAME.matcher(name);
                if (matcher.matches()) {
                    (matcher.group(1).equals("log") ? logs : snapshots).add(Long.parseLong(matcher.group(2)));
                } else if (name.endsWith(".tmp")) {
                    Files.delete(file);
                }
            }
        }
    }

    /**
     * Fills the image from the newest whole snapshot and tells its generation; 0 without one. Of the last of all, what is readable is
     * used; the file stays until a new snapshot is written.
     */
    private long readSnapshot() throws IOException {
        for (long candidate : snapshots.descendingSet()) {
            if (isWholeSnapshot(candidate)) {
                return candidate;
            }
            if (candidate == snapshots.first() && !logs.contains(1L)) {
                damaged(snapshotName(candidate), "an entry is not whole and there is no older snapshot");
                return candidate;
            }
            LOG.error("{} is damaged; going on from the snapshot before it", folder.file(snapshotName(candidate)));
            setAside(folder.file(snapshotName(candidate)), 0);
            image = StoreImage.EMPTY;
            sequence = 0;
        }
        return 0;
    }

    private boolean isWholeSnapshot(long candidate) throws IOException {
        ended = false;
        image = StoreImage.EMPTY;
        LogScan.Found found = scan(folder.file(snapshotName(candidate)));
        return found.ending() == LogScan.Ending.WHOLE && ended;
    }

    private LogScan.Found scan(Path path) throws IOException {
        pieces = new PieceCollector();
        hasPieces = false;
        try (EntryDecoder decoder = new EntryDecoder(this::apply)) {
            LogScan.Found found = LogScan.scan(path, entryBytesMax, decoder);
            decoder.finish();
            if (hasPieces) {
                image = pieces.image();
            }
            return found;
        }
    }

    private void readLog(long log) throws IOException {
        Path path = folder.file(logName(log));
        LogScan.Found found = scan(path);
        generation = log;
        goodBytes = found.goodBytes();
        logBytes += found.goodBytes();
        if (found.ending() == LogScan.Ending.CUT_OFF) {
            LOG.warn(
                    "{} ends in a write that was cut off: {} bytes after {} are dropped; nothing acknowledged stood there",
                    path,
                    found.fileBytes() - found.goodBytes(),
                    found.goodBytes());
        } else if (found.ending() == LogScan.Ending.DAMAGED) {
            damaged(logName(log), "an entry at byte " + found.goodBytes() + " is not whole");
            setAside(path, found.goodBytes());
        }
    }

    private void apply(JournalEntry entry) {
        switch (entry) {
            case JournalEntry.Delta(long at, ZoneDelta delta) -> {
                changes.take(at, delta);
                sequence = Math.max(sequence, at);
            }
            case JournalEntry.Abort(long aborted) -> changes.abort(aborted);
            case JournalEntry.Piece(ZoneDelta delta) -> {
                pieces.take(delta);
                hasPieces = true;
            }
            case JournalEntry.End(long at) -> {
                sequence = Math.max(sequence, at);
                ended = true;
            }
        }
    }

    private void damaged(String file, String what) {
        damage.add(file + ": " + what + "; what stands after it is set aside in the data folder");
        LOG.error(
                "The journal is DAMAGED: {}: {}. Everything before it is served; the rest is set aside in {}",
                file,
                what,
                folder.path());
    }

    /** Copies what lies after the good bytes into a file of its own; the caller cuts the original. */
    private void setAside(Path path, long goodBytes) throws IOException {
        String name = path.getFileName() + ".damaged-" + System.currentTimeMillis();
        Path aside = folder.file(name);
        if (goodBytes == 0) {
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        } else {
            copyRest(path, goodBytes, aside);
        }
        folder.sync();
        LOG.error("set aside as {}", aside);
    }

    private static void copyRest(Path path, long goodBytes, Path aside) throws IOException {
        try (FileChannel from = FileChannel.open(path, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            from.position(goodBytes);
            Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
            to.force(true);
        }
    }

    static String logName(long generation) {
        return String.format(java.util.Locale.ROOT, "log-%010d", generation);
    }

    static String snapshotName(long generation) {
        return String.format(java.util.Locale.ROOT, "snapshot-%010d", generation);
    }

    StoreImage image() {
        return image;
    }

    /** The highest sequence that was read. */
    long sequence() {
        return sequence;
    }

    /** The log to go on with. */
    long generation() {
        return generation;
    }

    /** How much of it is whole; 0 when it is to be made. */
    long goodBytes() {
        return goodBytes;
    }

    /** All logs since the snapshot together. */
    long logBytes() {
        return logBytes;
    }

    /** One sentence for each damaged place; empty when the journal is whole. */
    List<String> damage() {
        return List.copyOf(damage);
    }

    /** The highest stamp on this disk. */
    Stamp highestStamp() {
        Stamp highest = ZoneImage.NONE.stamp();
        for (ZoneImage zone : image.zones().values()) {
            highest = zone.stamp().compareTo(highest) > 0 ? zone.stamp() : highest;
        }
        return highest;
    }
}
