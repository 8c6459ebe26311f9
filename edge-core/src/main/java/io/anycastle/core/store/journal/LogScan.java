package io.anycastle.core.store.journal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a {@link LogFile} from its beginning up to the first place that is not whole.
 *
 * <p>An end that was merely cut off (a crash in the middle of a write) is told apart from damage: cut off is what lacks bytes or ends in
 * blocks of zeros that the file system never filled, with no whole entry behind it. No payload ends in a zero, so that an entry with zeros
 * at its end was never written to its end.
 */
public final class LogScan {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** How a log ends. */
    enum Ending {
        WHOLE,
        CUT_OFF,
        DAMAGED
    }

    /** What was found: everything up to {@code goodBytes} is whole. */
    record Found(Ending ending, long goodBytes, long fileBytes) {}

    private record Place(long at, long size) {}

    /** Takes an entry's payload. */
    interface Sink {
        /** @throws IOException when the payload is whole but no entry that this version reads; the scan ends with it */
        void take(byte[] payload) throws IOException;
    }

    private LogScan() {}

    /** @throws IOException when the file cannot be read at all */
    static Found scan(Path path, int payloadBytesMax, Sink sink) throws IOException {
        long size = Files.size(path);
        long good = 0;
        try (InputStream file = Files.newInputStream(path);
                DataInputStream in = new DataInputStream(new BufferedInputStream(file, BUFFER_BYTES))) {
            if (!hasHeader(path, in)) {
                return new Found(ending(path, 0, size, payloadBytesMax), 0, size);
            }
            good = LogFile.HEADER_BYTES;
            while (good < size) {
                byte[] payload = next(in, payloadBytesMax);
                sink.take(payload);
                good += LogFile.FRAME_BYTES + payload.length;
            }
            return new Found(Ending.WHOLE, good, size);
        } catch (TornEntryException | EOFException e) {
            return new Found(ending(path, good, size, payloadBytesMax), good, size);
        }
    }

    private static boolean hasHeader(Path path, DataInputStream in) throws IOException {
        byte[] header = in.readNBytes(LogFile.HEADER_BYTES);
        if (header.length < LogFile.HEADER_BYTES) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.wrap(header);
        boolean isWhole =
                bytes.getLong() == LogFile.MAGIC && bytes.getInt(12) == LogFile.crc(ByteBuffer.wrap(header, 0, 12));
        int version = bytes.getInt(8);
        if (isWhole && version != LogFile.VERSION) {
            throw new IOException(path + " was written by "
                    + (version > LogFile.VERSION ? "a newer version" : "an older version that this one does not read"));
        }
        return isWhole;
    }

    /**
     * The payload of the entry that stands next.
     *
     * @throws TornEntryException when it is damaged
     * @throws EOFException when the stream ends before its frame does
     */
    public static byte[] next(DataInputStream in, int payloadBytesMax) throws IOException {
        int length = in.readInt();
        if (in.readInt() != LogFile.lengthCrc(length) || length < 0 || length > payloadBytesMax) {
            throw new TornEntryException();
        }
        int crc = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (payload.length < length || LogFile.crc(ByteBuffer.wrap(payload)) != crc) {
            throw new TornEntryException();
        }
        return payload;
    }

    private static Ending ending(Path path, long from, long size, int payloadBytesMax) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            boolean isCutOff = isShort(file, from, size, payloadBytesMax)
                    || endsUnfilled(file, new Place(from, size), payloadBytesMax);
            return isCutOff && !hasWholeEntry(file, from + 1, size, payloadBytesMax) ? Ending.CUT_OFF : Ending.DAMAGED;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isShort(MemorySegment file, long at, long size, int payloadBytesMax) {
        if (at == 0) {
            return size < LogFile.HEADER_BYTES;
        }
        if (size - at < LogFile.FRAME_BYTES) {
            return true;
        }
        int length = file.get(INT, at);
        return isLength(file, at, length, payloadBytesMax) && size - at - LogFile.FRAME_BYTES < length;
    }

    /** Whether the file ends in zeros that begin inside the entry that stands there. */
    private static boolean endsUnfilled(MemorySegment file, Place place, int payloadBytesMax) {
        long zerosFrom = place.size;
        while (zerosFrom > place.at && file.get(ValueLayout.JAVA_BYTE, zerosFrom - 1) == 0) {
            zerosFrom--;
        }
        return zerosFrom < place.size && zerosFrom < entryEnd(file, place, payloadBytesMax);
    }

    /** Where the entry ends; of one whose length is not whole, where its frame does. */
    private static long entryEnd(MemorySegment file, Place place, int payloadBytesMax) {
        if (place.at == 0) {
            return LogFile.HEADER_BYTES;
        }
        long frameEnd = place.at + LogFile.FRAME_BYTES;
        int length = frameEnd <= place.size ? file.get(INT, place.at) : 0;
        boolean isLength = frameEnd <= place.size && isLength(file, place.at, length, payloadBytesMax);
        return isLength ? frameEnd + length : frameEnd;
    }

    private static boolean hasWholeEntry(MemorySegment file, long from, long size, int payloadBytesMax) {
        for (long at = Math.max(from, LogFile.HEADER_BYTES); at + LogFile.FRAME_BYTES <= size; at++) {
            int length = file.get(INT, at);
            long payload = at + LogFile.FRAME_BYTES;
            if (length > 0 && isLength(file, at, length, payloadBytesMax) && payload + length <= size) {
                int crc = LogFile.crc(file.asSlice(payload, length).asByteBuffer());
                if (crc == file.get(INT, at + 8)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isLength(MemorySegment file, long at, int length, int payloadBytesMax) {
        return length >= 0 && length <= payloadBytesMax && file.get(INT, at + 4) == LogFile.lengthCrc(length);
    }

    /** An entry is not whole. */
    public static final class TornEntryException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
