package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.config.ConfigText;
import io.anycastle.app.config.EdgeConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The man pages and the completion that come with the program. */
final class ShellFilesTest {
    private static final String VERSION = "1.2.3";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @BeforeEach
    void write() throws IOException {
        ShellFiles.writeTo(folder, VERSION);
    }

    private static Stream<CommandLine> commands(CommandLine from) {
        return Stream.concat(
                Stream.of(from), from.getSubcommands().values().stream().flatMap(ShellFilesTest::commands));
    }

    private static List<CommandLine> commands() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return commands(EdgeCommand.commandLine(new Environment(Map.of(), Path.of(""), nowhere, nowhere)))
                .toList();
    }

    private String page(String name) throws IOException {
        return Files.readString(folder.resolve("man").resolve(name));
    }

    @Test
    void every_command_has_a_page_with_its_options_and_its_version() throws IOException {
        assertThat(commands()).hasSizeGreaterThan(30);
        for (CommandLine command : commands()) {
            String page = page("man1/" + command.getCommandSpec().qualifiedName("-") + ".1");
            assertThat(page).startsWith(".TH \"EDGE").contains("Anycastle " + VERSION);
            command.getCommandSpec()
                    .options()
                    .forEach(option -> assertThat(page)
                            .contains("\n\\fB"
                                    + option.shortestName().substring(0, 1).replace("-", "\\-"))
                            .contains(option.longestName()
                                    .substring(2)
                                    .replace("no-", "")
                                    .replace("-", "\\-")));
        }
    }

    /** A line that begins so and is no request that is meant would be lost. */
    @Test
    void no_line_of_text_is_taken_for_a_request() throws IOException {
        try (Stream<Path> pages = Files.walk(folder.resolve("man"))) {
            for (Path page : pages.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readAllLines(page).stream()
                                .filter(line -> line.startsWith(".") || line.startsWith("'")))
                        .describedAs(page.toString())
                        .allMatch(line -> line.matches("\\.(TH|SH|TP|PP|nf|fi|nh|ad)\\b.*"));
            }
        }
    }

    @Test
    void the_name_of_a_page_is_followed_by_one_sentence() throws IOException {
        assertThat(page("man1/edge-zone-activate.1"))
                .contains(
                        "\n.SH NAME\nedge\\-zone\\-activate \\- Makes a zone active for good, whatever public DNS says\n");
        assertThat(page("man1/edge.1")).contains("\\fBedge\\-zone\\fR(1)").contains(".SH EXIT STATUS");
    }

    @Test
    void the_page_of_the_configuration_has_every_setting() throws IOException {
        String page =
                page("man5/edge.yml.5").replace("\\-", "-").replace("\\e", "\\").replace("\\&", "");
        assertThat(page).contains(ConfigText.of(EdgeConfig.DEFAULTS));
    }

    @Test
    void bash_completes_every_command() throws IOException {
        String completion = Files.readString(folder.resolve("bash-completion/completions/edge"));
        commands().forEach(command -> assertThat(completion).contains(command.getCommandName()));
        assertThat(completion).contains("complete -F _complete_edge -o default edge");
    }

    @Test
    void the_version_tells_where_the_program_lies_when_the_launcher_said_so() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Map<String, String> launched = Map.of("EDGE_HOME", "/usr/lib/anycastle");
        assertThat(VersionCommand.text(new Environment(launched, Path.of(""), nowhere, nowhere)))
                .endsWith(" in /usr/lib/anycastle");
        assertThat(VersionCommand.text(new Environment(Map.of(), Path.of(""), nowhere, nowhere)))
                .endsWith(" on Java " + Runtime.version());
    }
}
