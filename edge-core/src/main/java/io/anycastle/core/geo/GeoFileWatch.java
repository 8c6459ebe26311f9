package io.anycastle.core.geo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A GeoIP file in whose place another may be put while it is used. Any thread. */
public final class GeoFileWatch {
    private final Path path;

    /** Guarded by this. */
    private @Nullable Stamp seen;

    /** Makes of a file what is wanted of it. */
    @FunctionalInterface
    public interface Reader<T> {
        /** @throws IOException when the file is of no use; the message says why */
        T read(GeoFile file) throws IOException;
    }

    /** What tells one file from another in the same place. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {
        static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, null);

        static Stamp of(Path file) throws IOException {
            try {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (NoSuchFileException e) {
                return MISSING;
            }
        }
    }

    public GeoFileWatch(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /**
     * Reads the file as it is now. Blocks.
     *
     * @throws IOException when it cannot be used; the message names it and says why
     */
    public <T> T read(Reader<T> reader) throws IOException {
        try {
            return reader.read(GeoFile.open(path));
        } catch (IOException e) {
            String why = e instanceof NoSuchFileException ? "it is not there" : String.valueOf(e.getMessage());
            throw new IOException("the GeoIP file " + path + " cannot be used: " + why, e);
        }
    }

    /**
     * Reads the file if it is another than the last time, or if this is the first. Blocks.
     *
     * @return empty when it is the same
     * @throws IOException when it cannot be used, once for each such file; the message names it and says why
     */
    public synchronized <T> Optional<T> readIfOther(Reader<T> reader) throws IOException {
        Stamp stamp = Stamp.of(path);
        if (stamp.equals(seen)) {
            return Optional.empty();
        }
        seen = stamp; // also of one that is broken or gone
        return Optional.of(read(reader));
    }
}
