package io.anycastle.app.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder that holds what a node must not lose. */
final class DataFolder {
    private static final String UPLOADS = "uploads";

    private DataFolder() {}

    /** Makes the folder where needed; returns what is wrong with it, empty when nothing is. */
    static Optional<String> prepare(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            return Optional.of("data: " + folder + " is not a folder");
        }
        try {
            Files.createDirectories(folder.resolve(UPLOADS));
        } catch (IOException e) {
            return Optional.of("data: the folder " + folder + " cannot be made: " + reason(e));
        }
        if (!Files.isReadable(folder) || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
            return Optional.of("data: the folder " + folder + " is not readable and writable for this user");
        }
        return Optional.empty();
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException ? "access denied" : String.valueOf(e.getMessage());
    }

    /** Where uploads wait to be read. */
    static Path uploads(Path folder) {
        return folder.resolve(UPLOADS);
    }
}
