package io.anycastle.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Ends a command: the lines are for the user, the code for the shell. */
public final class CommandException extends RuntimeException {
    /** Refused or failed. */
    public static final int FAILED = 1;

    /** Not understood: arguments or configuration. */
    public static final int USAGE = 2;

    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;
    private final int exitCode;

    public CommandException(int exitCode, List<String> lines) {
        super(String.join("\n", lines));
        this.exitCode = exitCode;
        this.lines = List.copyOf(lines);
    }

    static CommandException of(String line) {
        return of(List.of(line));
    }

    static CommandException of(List<String> lines) {
        return new CommandException(FAILED, lines);
    }

    /** Arguments that are not understood. */
    static CommandException usage(String line) {
        return new CommandException(USAGE, List.of(line));
    }

    static CommandException notWritable(Path file, IOException cause) {
        return of(file + ": not writable: " + cause.getMessage());
    }

    public List<String> lines() {
        return lines;
    }

    public int exitCode() {
        return exitCode;
    }
}
