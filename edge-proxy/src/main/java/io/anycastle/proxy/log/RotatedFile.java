package io.anycastle.proxy.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file of lines that begins anew when it is large: the old one becomes {@code NAME.1}, the one before that {@code NAME.2}, and so on.
 * Belongs to the thread that writes.
 */
final class RotatedFile implements LogSink {
    private final Path file;
    private final long bytesMax;
    private final int kept;
    private FileChannel channel;
    private long size;

    RotatedFile(Path file, long bytesMax, int kept) throws IOException {
        this.file = file;
        this.bytesMax = bytesMax;
        this.kept = kept;
        this.channel = open();
        this.size = channel.size();
    }

    private FileChannel open() throws IOException {
        try {
            return FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IOException(
                    "the file " + file + " cannot be opened: " + e.getClass().getSimpleName(), e);
        }
    }

    @Override
    public void write(byte[] octets, int length) throws IOException {
        if (size > 0 && size + length > bytesMax) {
            rotate();
        }
        ByteBuffer lines = ByteBuffer.wrap(octets, 0, length);
        while (lines.hasRemaining()) {
            size += channel.write(lines);
        }
    }

    private void rotate() throws IOException {
        channel.close();
        if (kept == 0) {
            Files.deleteIfExists(file);
        }
        for (int i = kept - 1; i >= 0; i--) {
            Path from = i == 0 ? file : numbered(i);
            if (Files.exists(from)) {
                Files.move(from, numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        channel = open();
        size = 0;
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
