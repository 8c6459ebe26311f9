package io.anycastle.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the files that options name. */
final class TextFile {
    private TextFile() {}

    /**
     * The whole text of a file, which is UTF-8.
     *
     * @param folder in which the user stands
     */
    static String read(Path folder, Path file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw CommandException.of(file + ": no readable file");
        }
    }
}
