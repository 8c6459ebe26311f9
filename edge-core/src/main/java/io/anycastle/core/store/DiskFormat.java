package io.anycastle.core.store;

import io.anycastle.core.store.journal.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * In which formats a file of a data folder is written, as its first bytes say.
 *
 * @param log the framing; empty when the file begins like nothing that any version writes
 * @param entry of the first entry; empty when there is none
 */
public record DiskFormat(String file, OptionalInt log, OptionalInt entry) {
    private static final int PEEKED = LogFile.HEADER_BYTES + LogFile.FRAME_BYTES + 1;

    /** Of every log and snapshot in the folder, by name; a file whose header never got to the disk is left out. */
    public static List<DiskFormat> in(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> String.valueOf(file.getFileName()).matches("(log|snapshot)-\\d{10}"))
                    .sorted()
                    .toList();
        }
        List<DiskFormat> formats = new ArrayList<>();
        for (Path file : files) {
            byte[] head;
            try (var in = Files.newInputStream(file)) {
                head = in.readNBytes(PEEKED);
            }
            if (head.length >= LogFile.HEADER_BYTES) {
                formats.add(of(String.valueOf(file.getFileName()), head));
            }
        }
        return formats;
    }

    private static DiskFormat of(String file, byte[] head) {
        ByteBuffer bytes = ByteBuffer.wrap(head);
        boolean isOurs =
                bytes.getLong(0) == LogFile.MAGIC && bytes.getInt(12) == LogFile.crc(ByteBuffer.wrap(head, 0, 12));
        OptionalInt log = isOurs ? OptionalInt.of(bytes.getInt(8)) : OptionalInt.empty();
        boolean hasEntry = log.equals(OptionalInt.of(LogFile.VERSION)) && head.length == PEEKED;
        return new DiskFormat(file, log, hasEntry ? OptionalInt.of(head[PEEKED - 1] & 255) : OptionalInt.empty());
    }
}
