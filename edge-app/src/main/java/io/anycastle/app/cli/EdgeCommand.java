package io.anycastle.app.cli;

import io.anycastle.app.config.Nearest;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The whole command line. */
public final class EdgeCommand {
    private static final Map<String, String> EXIT_CODES = exitCodes();

    private EdgeCommand() {}

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "Done.");
        codes.put("1", "Refused or failed; every problem is a line on standard error.");
        codes.put("2", "Not understood: arguments or configuration.");
        codes.put("130, 143", "A node that was told to stop, by Ctrl-C or SIGTERM.");
        return codes;
    }

    /** Runs one command and returns its exit code: 0 done, 1 refused or failed, 2 not understood. */
    public static int run(Environment environment, String... arguments) {
        Optional<NodeRun> run = NodeRun.of(arguments);
        return run.isPresent() ? run(environment, run.get()) : parse(environment, arguments);
    }

    private static int run(Environment environment, NodeRun run) {
        try {
            run.untilStopped(environment);
            return 0;
        } catch (RuntimeException failure) {
            return failed(environment, failure);
        }
    }

    private static int parse(Environment environment, String... arguments) {
        CommandLine edge = commandLine(environment, arguments);
        edge.setOut(environment.out());
        edge.setErr(environment.err());
        edge.setExecutionExceptionHandler((failure, command, parsed) -> failed(environment, failure));
        edge.setParameterExceptionHandler(EdgeCommand::misunderstood);
        int code = edge.execute(arguments);
        environment.out().flush();
        environment.err().flush();
        return code;
    }

    /** The commands that the arguments can mean; with none, all of them. */
    static CommandLine commandLine(Environment environment, String... arguments) {
        CommandLine edge = Group.of(
                "edge", "An edge you run yourself: authoritative DNS and a reverse proxy from one record store.");
        edge.getCommandSpec()
                .version(VersionCommand.text(environment))
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Show the version, the Java it runs on, and where it lies.")
                        .build())
                .usageMessage()
                .exitCodeListHeading("Exit codes:%n")
                .exitCodeList(EXIT_CODES);
        menu(environment).addTo(edge, arguments);
        return edge;
    }

    private static Menu menu(Environment environment) {
        return new Menu()
                .command("run", () -> new RunCommand(environment))
                .command("demo", () -> new DemoCommand(environment))
                .group("zone", "Adds, shows and removes zones.", ZoneCommands.menu(environment))
                .group("record", "Adds, shows, changes and removes records.", RecordCommands.menu(environment))
                .group(
                        "cluster",
                        "Invites, shows and removes the nodes of the cluster.",
                        ClusterCommands.menu(environment))
                .group(
                        "conflicts",
                        "Shows what lost when parts of a cut cluster were merged, and applies it again.",
                        ConflictCommands.menu(environment))
                .command("backup", () -> new BackupCommand(environment))
                .command("restore", () -> new RestoreCommand(environment))
                .command("upgrade-check", () -> new UpgradeCheckCommand(environment))
                .command("dns-only", () -> new DnsOnlyCommand(environment))
                .command("status", () -> new StatusCommand(environment))
                .command("tail", () -> new TailCommand(environment))
                .command("reload", () -> new ReloadCommand(environment))
                .command("config", () -> new ConfigCommand(environment))
                .command("version", () -> new VersionCommand(environment))
                .command("train", () -> new TrainCommand(environment))
                .command("help", () -> new HelpCommand(environment));
    }

    private static int failed(Environment environment, Exception failure) {
        int code = CommandException.FAILED;
        if (failure instanceof CommandException told) {
            told.lines().forEach(line -> environment.err().println("edge: " + line));
            code = told.exitCode();
        } else {
            environment.err().println("edge: this should not happen; please report it with the lines below");
            failure.printStackTrace(environment.err());
        }
        environment.err().flush();
        return code;
    }

    private static int misunderstood(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("edge: " + failure.getMessage());
        RecordCommands.contentHint(command, arguments).ifPresent(hint -> err.println("edge: " + hint));
        if (failure instanceof CommandLine.UnmatchedArgumentException unmatched) {
            suggest(command, unmatched.getUnmatched()).ifPresent(err::println);
        }
        err.println("'" + command.getCommandSpec().qualifiedName() + " --help' shows what there is.");
        return CommandException.USAGE;
    }

    /** What the first word that was not understood may stand for: an option or command that is spelled like it, or one that means it. */
    private static Optional<String> suggest(CommandLine command, List<String> unmatched) {
        String word = unmatched.getFirst();
        List<String> known = new ArrayList<>(command.getSubcommands().keySet());
        command.getCommandSpec().optionsMap().keySet().forEach(known::add);
        boolean isCommand = !word.startsWith("-") && !command.getSubcommands().isEmpty();
        return Synonyms.verb(word, command.getSubcommands().keySet())
                .or(() -> Nearest.word(word, known))
                .map(near -> "'" + near + "'")
                .or(() -> isCommand ? Synonyms.of(word).or(() -> HelpCommand.pageAbout(word)) : Optional.empty())
                .map(meant -> "Did you mean " + meant + "?");
    }
}
