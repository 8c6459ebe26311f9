package io.anycastle.app.cli;

import io.anycastle.app.config.ConfigText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code edge config}. */
@Command(
        name = "config",
        description =
                "Prints every setting with its meaning, range and value, as a configuration file, after checking it.")
final class ConfigCommand implements Callable<Integer> {
    private final Environment environment;

    @Mixin
    final ConfigFile config = new ConfigFile();

    ConfigCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        environment.out().print(ConfigText.of(config.read(environment)));
        return 0;
    }
}
