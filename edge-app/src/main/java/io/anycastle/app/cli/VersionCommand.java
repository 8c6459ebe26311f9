package io.anycastle.app.cli;

import io.anycastle.app.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code edge version}. */
@Command(name = "version", description = "Prints the version, and the Java it runs on.")
final class VersionCommand implements Callable<Integer> {
    private final Environment environment;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean isHelp;

    VersionCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        environment.out().println(text());
        return 0;
    }

    static String text() {
        return "anycastle " + Version.TEXT + " on Java " + Runtime.version();
    }
}
