package io.anycastle.app.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code edge run}. */
@Command(
        name = "run",
        description = "Runs a node until it is told to stop (SIGTERM or Ctrl-C).",
        footer = {
            "",
            "Without --config it serves on loopback: DNS on port 5300, HTTP on 8080, the admin API on 8053, with its data in"
                    + " ./anycastle-data. 'edge config' shows every setting."
        })
final class RunCommand extends ShellCommand {
    @Mixin
    final ConfigFile config = new ConfigFile();

    @Option(
            names = "--join",
            paramLabel = "TOKEN",
            description =
                    "First join the cluster that this token of 'edge cluster invite' is for; later starts need no token.")
    @Nullable
    String join;

    RunCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        new NodeRun(config.file, join).untilStopped(environment());
        return 0;
    }
}
