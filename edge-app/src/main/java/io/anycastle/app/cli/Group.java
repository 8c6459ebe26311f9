package io.anycastle.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only groups others: alone it shows what they are. */
@Command(synopsisSubcommandLabel = "COMMAND")
final class Group implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean isHelp;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static CommandLine of(String name, String description) {
        CommandLine group = new CommandLine(new Group());
        group.setCommandName(name);
        group.getCommandSpec().usageMessage().description(description);
        return group;
    }
}
