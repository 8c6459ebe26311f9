package io.anycastle.app.cli;

import io.anycastle.app.Version;
import picocli.CommandLine.Command;

/** {@code edge version}. */
@Command(name = "version", description = "Prints the version, the Java it runs on, and where it lies.")
final class VersionCommand extends ShellCommand {
    VersionCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        say(text(environment()));
        return 0;
    }

    static String text(Environment environment) {
        return "anycastle " + Version.TEXT + " on Java " + Runtime.version() + place(environment);
    }

    /** Where this program lies, as the launcher says: of two that are installed, the one that runs. */
    static String place(Environment environment) {
        String home = environment.variable("EDGE_HOME", "");
        return home.isEmpty() ? "" : " in " + home;
    }
}
