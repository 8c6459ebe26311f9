package io.anycastle.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** A command: it writes to its environment and can show its help. */
abstract class ShellCommand implements Callable<Integer> {
    private final Environment environment;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean isHelp;

    ShellCommand(Environment environment) {
        this.environment = environment;
    }

    final Environment environment() {
        return environment;
    }

    /** Prints lines for people. */
    final void say(String text) {
        environment.out().println(text);
    }

    final void print(String text) {
        environment.out().print(text);
    }
}
