package io.anycastle.app.cli;

import io.anycastle.app.config.EdgeConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The configuration file that a command is given, or none. */
final class ConfigFile {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration, such as edge.yml; without it, the defaults.")
    @Nullable
    Path file;

    EdgeConfig read(Environment environment) {
        return NodeRun.read(environment, file);
    }
}
