package io.anycastle.core.store.backup;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.BackupException;
import io.anycastle.core.store.journal.DataFolder;
import io.anycastle.core.store.journal.JournalEntry;
import io.anycastle.core.store.journal.LogFile;
import io.anycastle.core.store.journal.LogScan;
import io.anycastle.core.store.state.BackupContents;
import io.anycastle.core.store.state.BackupTitle;
import io.anycastle.core.store.state.PieceCollector;
import io.anycastle.core.store.state.ZoneDelta;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what {@link BackupWriter} wrote, zone by zone: no more than one zone is in memory. Every checksum is checked, and that nothing is
 * missing, doubled or left over; what lies in the zones is for their rules to judge.
 */
public final class BackupReader {
    private static final int ENTRY_BYTES_MAX = 1 << 30;
    private static final int BUFFER_BYTES = 256 << 10;

    private final Path path;
    private final String name;
    private final DataInputStream in;
    private final Sink sink;
    private final Set<DomainName> done = new HashSet<>();
    private final List<ZoneDelta> open = new ArrayList<>();
    private long at = LogFile.HEADER_BYTES;
    private long pieces;
    private long records;

    /** Takes a zone; the account's own comes like any other, first. */
    @FunctionalInterface
    public interface Sink {
        void take(ZoneState zone) throws BackupException;
    }

    private BackupReader(Path path, String name, DataInputStream in, Sink sink) {
        this.path = path;
        this.name = name;
        this.in = in;
        this.sink = sink;
    }

    /** Reads the whole file and tells what is in it. */
    public static BackupContents check(Path path) throws BackupException {
        return read(path, String.valueOf(path.getFileName()), zone -> {});
    }

    /**
     * Hands on every zone, in the file's order.
     *
     * @param name what sentences call the file
     * @throws BackupException when the file is no whole backup that this version reads, maybe after some zones were handed on
     */
    public static BackupContents read(Path path, String name, Sink sink) throws BackupException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES))) {
            return new BackupReader(path, name, in, sink).read();
        } catch (IOException e) {
            throw new BackupException(name + " cannot be read: " + DataFolder.plain(e));
        }
    }

    private BackupContents read() throws IOException, BackupException {
        checkHeader();
        try {
            BackupTitle title = TitleCodec.read(next());
            while (take(next())) {
                // the next one
            }
            handOn();
            if (in.read() >= 0) {
                throw refused("has something behind its end");
            }
            int zones = done.size() - (done.contains(Account.ZONE) ? 1 : 0);
            return new BackupContents(title, zones, records, at);
        } catch (LogScan.TornEntryException e) {
            throw refused("is damaged: the entry at byte " + at + " is not what was written");
        } catch (EOFException e) {
            throw refused("is cut off: it ends at byte " + Files.size(path) + ", in the middle");
        } catch (IOException e) {
            throw refused("cannot be read at byte " + at + ": " + e.getMessage());
        }
    }

    private void checkHeader() throws IOException, BackupException {
        byte[] header = in.readNBytes(LogFile.HEADER_BYTES);
        ByteBuffer bytes = ByteBuffer.wrap(header);
        if (header.length < LogFile.HEADER_BYTES || bytes.getLong(0) != BackupWriter.MAGIC) {
            throw refused("is no backup of an Anycastle store");
        }
        if (bytes.getInt(12) != LogFile.crc(ByteBuffer.wrap(header, 0, 12))) {
            throw refused("is damaged: its first bytes are not what was written");
        }
        int version = bytes.getInt(8);
        if (version != BackupWriter.VERSION) {
            throw refused("has backup format " + version + "; this version of Anycastle reads " + BackupWriter.VERSION
                    + (version > BackupWriter.VERSION ? ": a newer one wrote it" : ""));
        }
    }

    /** An entry that the file ends in is cut off, not damaged. */
    private byte[] next() throws IOException {
        byte[] payload;
        try {
            payload = LogScan.next(in, ENTRY_BYTES_MAX);
        } catch (LogScan.TornEntryException e) {
            if (in.read() < 0 && isCutOff()) {
                throw new EOFException();
            }
            throw e;
        }
        at += LogFile.FRAME_BYTES + payload.length;
        return payload;
    }

    private boolean isCutOff() throws IOException {
        try (var file = Files.newByteChannel(path)) {
            ByteBuffer length = ByteBuffer.allocate(8);
            file.position(at).read(length);
            int claimed = length.getInt(0);
            boolean isLength = LogFile.lengthCrc(claimed) == length.getInt(4);
            return isLength && at + LogFile.FRAME_BYTES + claimed > file.size();
        }
    }

    /** Whether more is to come. */
    private boolean take(byte[] payload) throws IOException, BackupException {
        return switch (JournalEntry.read(payload)) {
            case JournalEntry.Piece(ZoneDelta piece) -> {
                if (!open.isEmpty() && !open.getFirst().zone().equals(piece.zone())) {
                    handOn();
                }
                open.add(piece);
                pieces++;
                yield true;
            }
            case JournalEntry.End(long count) -> {
                if (count != pieces) {
                    throw refused("is damaged: of " + count + " parts it holds " + pieces);
                }
                yield false;
            }
            case JournalEntry.Delta ignored -> throw refused("holds an entry that belongs in no backup");
            case JournalEntry.Abort ignored -> throw refused("holds an entry that belongs in no backup");
        };
    }

    private void handOn() throws BackupException {
        if (open.isEmpty()) {
            return;
        }
        DomainName zoneName = open.getFirst().zone();
        PieceCollector collector = new PieceCollector();
        open.forEach(collector::take);
        long wanted = open.stream()
                .flatMap(piece -> piece.names().stream())
                .mapToLong(at -> at.records().size())
                .sum();
        open.clear();
        ZoneState zone = collector
                .image()
                .zone(zoneName)
                .state()
                .orElseThrow(() -> refused("holds the zone " + zoneName + " without its settings"));
        if (!done.add(zoneName) || wanted != distinct(zone)) {
            throw refused("holds the zone " + zoneName + ", or a record in it, twice");
        }
        records += wanted;
        sink.take(zone);
    }

    private static long distinct(ZoneState zone) {
        Set<String> ids = new HashSet<>();
        for (NameRecords name : zone.names().values()) {
            name.records().forEach(record -> ids.add(record.id()));
        }
        return ids.size();
    }

    private BackupException refused(String what) {
        return new BackupException(name + " " + what);
    }
}
