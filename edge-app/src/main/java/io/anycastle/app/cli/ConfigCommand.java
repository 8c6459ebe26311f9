package io.anycastle.app.cli;

import io.anycastle.app.config.ConfigText;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code edge config}. */
@Command(
        name = "config",
        description = "Prints every setting with its meaning, range and value, as a configuration file.")
final class ConfigCommand implements Callable<Integer> {
    private final Environment environment;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Check this file and print what it leads to; without it, the defaults.")
    @Nullable
    Path file;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean isHelp;

    ConfigCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        environment.out().print(ConfigText.of(RunCommand.read(environment, file)));
        return 0;
    }
}
