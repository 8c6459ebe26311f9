package io.anycastle.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A page of the manual in the man macros, man(7): of a command from what picocli knows about it, or of a file format. */
final class ManPage {
    private static final String PROGRAM = "Anycastle";

    private final StringBuilder text = new StringBuilder();

    private ManPage(String name, int section, String version, String what) {
        text.append(".TH %s %d \"\" \"%s %s\"\n"
                .formatted(quoted(name.toUpperCase(Locale.ROOT)), section, PROGRAM, version));
        text.append(".ad l\n.nh\n"); // no word is stretched or broken: they are pasted
        heading("NAME").text.append("%s \\- %s\n".formatted(escaped(name), escaped(summary(what))));
    }

    /** The page's name is the command's with hyphens, such as {@code edge-zone-add}, in section 1. */
    static String of(CommandLine command, String version) {
        CommandSpec spec = command.getCommandSpec();
        Help help = new Help(spec, Help.defaultColorScheme(Ansi.OFF));
        ManPage page =
                new ManPage(name(spec), 1, version, lines(spec.usageMessage().description()));
        page.heading("SYNOPSIS").verbatim(help.synopsis(0));
        page.heading("DESCRIPTION").paragraph(lines(spec.usageMessage().description()));
        page.arguments(spec, help).options(command, help).commands(spec);
        for (String footer : spec.usageMessage().footer()) {
            page.paragraph(formatted(footer));
        }
        page.exitCodes(spec.root());
        page.related(spec);
        return page.text.toString();
    }

    /** The page of a file that is shown as it stands, in section 5. */
    static String ofFile(String file, String version, String what, String content) {
        ManPage page = new ManPage(file, 5, version, what);
        page.heading("DESCRIPTION").verbatim(content);
        page.heading("SEE ALSO").text.append(reference("edge", 1)).append('\n');
        return page.text.toString();
    }

    static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    private ManPage arguments(CommandSpec spec, Help help) {
        List<PositionalParamSpec> shown = spec.positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .toList();
        if (!shown.isEmpty()) {
            heading("ARGUMENTS");
        }
        for (PositionalParamSpec parameter : shown) {
            item(help.parameterLabelRenderer()
                            .renderParameterLabel(parameter, Ansi.OFF, List.of())
                            .toString())
                    .append(escaped(lines(parameter.description())))
                    .append('\n');
        }
        return this;
    }

    private ManPage options(CommandLine command, Help help) {
        heading("OPTIONS");
        CommandSpec spec = command.getCommandSpec();
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                String label = help.parameterLabelRenderer()
                        .renderParameterLabel(option, Ansi.OFF, List.of())
                        .toString();
                String names = Stream.of(option.names())
                        .map(name -> option.negatable()
                                ? command.getNegatableOptionTransformer().makeSynopsis(name, spec)
                                : name)
                        .collect(Collectors.joining(", "));
                item(names + label).append(escaped(lines(option.description()))).append('\n');
            }
        }
        return this;
    }

    private void commands(CommandSpec spec) {
        if (!spec.subcommands().isEmpty()) {
            heading("COMMANDS");
        }
        spec.subcommands()
                .forEach((name, command) -> item(name)
                        .append(escaped(
                                lines(command.getCommandSpec().usageMessage().description())))
                        .append('\n'));
    }

    private void exitCodes(CommandSpec root) {
        heading("EXIT STATUS");
        root.usageMessage()
                .exitCodeList()
                .forEach((code, meaning) -> item(code).append(escaped(meaning)).append('\n'));
    }

    private void related(CommandSpec spec) {
        List<String> pages = new ArrayList<>();
        if (spec.parent() != null) {
            pages.add(reference(name(spec.parent()), 1));
        }
        spec.subcommands().values().forEach(command -> pages.add(reference(name(command.getCommandSpec()), 1)));
        pages.add(reference("edge.yml", 5));
        heading("SEE ALSO").text.append(String.join(",\n", pages)).append('\n');
    }

    private static String reference(String name, int section) {
        return "\\fB" + escaped(name) + "\\fR(" + section + ")";
    }

    private ManPage heading(String title) {
        text.append(".SH ").append(title).append('\n');
        return this;
    }

    private StringBuilder item(String tag) {
        return text.append(".TP\n\\fB").append(escaped(tag)).append("\\fR\n");
    }

    private void paragraph(String words) {
        if (!words.isBlank()) {
            text.append(".PP\n").append(escaped(words)).append('\n');
        }
    }

    private void verbatim(String lines) {
        text.append(".nf\n");
        lines.lines().forEach(line -> text.append(escaped(line)).append('\n'));
        text.append(".fi\n");
    }

    private static String lines(String... description) {
        return Stream.of(description).map(ManPage::formatted).collect(Collectors.joining(" "));
    }

    /** As picocli reads them: %n ends a line, %% is a percent sign. */
    private static String formatted(String description) {
        return String.format(Locale.ROOT, description).strip();
    }

    private static String quoted(String word) {
        return '"' + escaped(word) + '"';
    }

    /** The first sentence, or what stands before its colon. */
    private static String summary(String words) {
        return words.split("[.:]( |$)", 2)[0];
    }

    /** A line that begins with a dot or an apostrophe would be a request, and a hyphen must stay one that can be pasted. */
    private static String escaped(String words) {
        StringBuilder escaped = new StringBuilder();
        for (String line : words.split("\n", -1)) {
            if (!escaped.isEmpty()) {
                escaped.append('\n');
            }
            if (line.startsWith(".") || line.startsWith("'")) {
                escaped.append("\\&");
            }
            escaped.append(line.replace("\\", "\\e").replace("-", "\\-"));
        }
        return escaped.toString();
    }
}
