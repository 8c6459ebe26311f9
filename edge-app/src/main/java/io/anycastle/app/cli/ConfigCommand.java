package io.anycastle.app.cli;

import io.anycastle.app.config.ConfigText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code edge config}. */
@Command(
        name = "config",
        description =
                "Prints every setting with its meaning, range and value, as a configuration file, after checking it.")
final class ConfigCommand extends ShellCommand {
    @Mixin
    final ConfigFile config = new ConfigFile();

    ConfigCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        print(ConfigText.of(config.read(environment())));
        return 0;
    }
}
