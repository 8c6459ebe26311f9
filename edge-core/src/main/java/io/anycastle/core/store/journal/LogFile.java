package io.anycastle.core.store.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of checked entries, open for appending. It starts with a magic word, the version of this framing and their CRC32C; each entry is
 * its length, the CRC32C of the length, the CRC32C of the payload, then the payload, whose last octet is not zero. One thread at a time.
 */
public final class LogFile implements Closeable {
    public static final long MAGIC = 0x414e_5943_5354_4c45L; // "ANYCSTLE"
    public static final int VERSION = 2;
    public static final int HEADER_BYTES = 16;
    public static final int FRAME_BYTES = 12;
    private static final int BUFFER_BYTES = 64 << 10;

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long length;
    private long goodLength;

    private LogFile(Path path, FileChannel channel, long length) {
        this.path = path;
        this.channel = channel;
        this.length = length;
        this.goodLength = length;
    }

    /** A new file with its header; replaces one that never got so far. Durable after the first {@link #force}. */
    static LogFile create(Path path) throws IOException {
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        LogFile log = new LogFile(path, channel, 0);
        try {
            log.put(header(MAGIC, VERSION));
            log.flush();
            log.goodLength = log.length;
            return log;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Goes on behind the good entries of an existing file and cuts off what follows them. */
    static LogFile goOn(Path path, long goodLength) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        try {
            if (channel.size() > goodLength) {
                channel.truncate(goodLength);
                channel.force(true);
            }
            return new LogFile(path, channel, goodLength);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Adds an entry. It is durable after the next {@link #force}; after a failure call {@link #cutBack}. */
    void append(byte[] payload) throws IOException {
        put(frame(payload));
        put(ByteBuffer.wrap(payload));
    }

    /** What a file of this framing begins with. */
    public static ByteBuffer header(long magic, int version) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).putLong(magic).putInt(version);
        return header.putInt(crc(header.duplicate().flip())).flip();
    }

    /** What stands before a payload. */
    public static ByteBuffer frame(byte[] payload) {
        return ByteBuffer.allocate(FRAME_BYTES)
                .putInt(payload.length)
                .putInt(lengthCrc(payload.length))
                .putInt(crc(ByteBuffer.wrap(payload)))
                .flip();
    }

    private void put(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int piece = Math.min(bytes.remaining(), buffer.remaining());
            buffer.put(buffer.position(), bytes, bytes.position(), piece);
            buffer.position(buffer.position() + piece);
            bytes.position(bytes.position() + piece);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                length += channel.write(buffer, length);
            }
        } finally {
            buffer.clear();
        }
    }

    /** Waits until everything appended is on the disk. */
    void force() throws IOException {
        flush();
        channel.force(false);
        goodLength = length;
    }

    /** Takes back everything appended since the last {@link #force}. */
    void cutBack() throws IOException {
        buffer.clear();
        channel.truncate(goodLength);
        channel.force(true);
        length = goodLength;
    }

    /** Tries again to take back what an earlier {@link #cutBack} could not. */
    void cutBackIfNeeded() throws IOException {
        if (length != goodLength || channel.size() != goodLength) {
            cutBack();
        }
    }

    /** Bytes that are known to be on the disk. */
    long length() {
        return goodLength;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    public static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    public static int lengthCrc(int length) {
        return crc(ByteBuffer.allocate(4).putInt(length).flip());
    }
}
