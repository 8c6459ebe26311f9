package io.anycastle.app.cli;

import io.anycastle.app.config.Nearest;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code edge help}: the manual's pages, and the options of any command. */
@Command(
        name = "help",
        description = "Lists the pages of the manual, and shows one: edge help records. Shows the options of a command"
                + " too: edge help zone import.")
final class HelpCommand extends ShellCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "TOPIC",
            description = "A page or a command.",
            completionCandidates = Manual.Names.class)
    List<String> words = List.of();

    HelpCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        PrintWriter out = environment().out();
        if (words.isEmpty()) {
            list(out);
            return 0;
        }
        Optional<String> page = words.size() == 1 ? Manual.page(words.getFirst()) : Optional.empty();
        Optional<CommandLine> command = command();
        page.ifPresent(text -> out.print(PageText.of(text)));
        if (page.isPresent() && command.isPresent()) {
            out.println();
            out.println("'edge " + words.getFirst() + " --help' shows the command of that name.");
        } else if (command.isPresent()) {
            command.get().usage(out);
        }
        return page.isPresent() || command.isPresent() ? 0 : unknown();
    }

    private static void list(PrintWriter out) {
        out.println("Pages of the manual; 'edge help TOPIC' shows one:");
        List<Manual.Topic> topics = Manual.topics();
        int width =
                topics.stream().mapToInt(topic -> topic.name().length()).max().orElse(0);
        topics.forEach(topic -> out.println(
                "  " + topic.name() + " ".repeat(width - topic.name().length() + 2) + topic.about()));
        out.println("'edge --help' lists the commands, and 'edge help COMMAND' shows the options of one.");
    }

    private Optional<CommandLine> command() {
        CommandLine found = EdgeCommand.commandLine(environment(), words.toArray(String[]::new));
        for (String word : words) {
            CommandLine next = found.getSubcommands().get(word);
            if (next == null) {
                return Optional.empty();
            }
            found = next;
        }
        return Optional.of(found);
    }

    private int unknown() {
        PrintWriter err = environment().err();
        err.println("edge: there is no page and no command '" + String.join(" ", words) + "'");
        meant(words.getFirst()).ifPresent(meant -> err.println("Did you mean " + meant + "?"));
        err.println("'edge help' lists the pages.");
        return CommandException.USAGE;
    }

    private Optional<String> meant(String word) {
        List<String> known = new ArrayList<>();
        Manual.topics().forEach(topic -> known.add(topic.name()));
        known.addAll(EdgeCommand.commandLine(environment()).getSubcommands().keySet());
        return Nearest.word(word, known)
                .map(HelpCommand::quoted)
                .or(() -> pageAbout(word))
                .or(() -> Synonyms.of(word));
    }

    /** How to see the page of that name, or the one that has to do with the word. */
    static Optional<String> pageAbout(String word) {
        return Manual.page(word).map(page -> word).or(() -> Synonyms.page(word)).map(HelpCommand::quoted);
    }

    private static String quoted(String topic) {
        return "'edge help " + topic + "'";
    }
}
