package io.anycastle.app.cli;

import io.anycastle.app.config.BadConfig;
import io.anycastle.app.config.ConfigReader;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Keys;
import io.anycastle.app.lifecycle.CannotStart;
import io.anycastle.app.lifecycle.EdgeNode;
import io.anycastle.app.log.LogLines;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
final class RunCommand implements Callable<Integer> {
    private final Environment environment;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration, such as edge.yml.")
    @Nullable
    Path file;

    @Option(
            names = "--join",
            paramLabel = "TOKEN",
            description =
                    "First join the cluster that this token of 'edge cluster invite' is for; later starts need no token.")
    @Nullable
    String join;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean isHelp;

    RunCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        EdgeConfig config = read(environment, file);
        LogLines.level(config.value(Keys.LOG_LEVEL).name());
        EdgeNode node = start(config, Optional.ofNullable(join));
        new UntilStopped(node).await();
        return 0;
    }

    static EdgeConfig read(Environment environment, @Nullable Path file) {
        try {
            return file == null
                    ? EdgeConfig.DEFAULTS
                    : ConfigReader.read(environment.folder().resolve(file));
        } catch (BadConfig e) {
            throw new Failure(Failure.USAGE, e.problems());
        }
    }

    private static EdgeNode start(EdgeConfig config, Optional<String> join) {
        try {
            return EdgeNode.start(config, join);
        } catch (CannotStart e) {
            throw new Failure(Failure.FAILED, e.problems());
        }
    }
}
