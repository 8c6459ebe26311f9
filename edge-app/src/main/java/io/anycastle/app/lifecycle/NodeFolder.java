package io.anycastle.app.lifecycle;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The folder that holds what a node must not lose. */
final class NodeFolder {
    private static final String UPLOADS = "uploads";

    private NodeFolder() {}

    /** Makes the folder where needed; returns what is wrong with it, empty when nothing is. */
    static Optional<String> prepare(Path folder) {
        if (Files.exists(folder)) {
            return Files.isDirectory(folder)
                    ? usable(folder, "is not readable and writable for this user")
                    : Optional.of("data: " + folder + " is not a folder");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            return Optional.of("data: the folder " + folder + " cannot be made" + reason(e));
        }
        return usable(folder, "was made, but is not readable and writable for this user");
    }

    private static Optional<String> usable(Path folder, String otherwise) {
        if (!Files.isReadable(folder) || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
            return Optional.of("data: the folder " + folder + " " + otherwise);
        }
        try {
            Files.createDirectories(folder.resolve(UPLOADS));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("data: the folder " + folder + " cannot be written to" + reason(e));
        }
    }

    /** What the system said, without the path that the sentence has already. */
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> ": access denied";
            case NoSuchFileException _ -> ": there is no folder that it could be made in";
            case FileSystemException told when told.getReason() != null -> ": " + told.getReason();
            default -> ": " + e;
        };
    }

    /** Where uploads wait to be read. */
    static Path uploads(Path folder) {
        return folder.resolve(UPLOADS);
    }
}
