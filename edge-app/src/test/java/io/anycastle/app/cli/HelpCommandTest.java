package io.anycastle.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.DocPage;
import io.anycastle.app.cli.Screen.Shown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.AutoComplete;

/** The manual in the terminal. */
class HelpCommandTest {
    private final Screen screen = new Screen(Path.of(""), Map.of());

    static List<String> topics() throws IOException {
        return DocPage.manual().stream()
                .map(page -> page.path().getFileName().toString().replace(".md", ""))
                .filter(name -> !name.equals("index"))
                .toList();
    }

    @Test
    void help_alone_lists_all_pages() throws IOException {
        Shown shown = screen.run("help");
        assertThat(shown.code()).isZero();
        assertThat(shown.out()
                        .lines()
                        .filter(line -> line.startsWith("  "))
                        .map(line -> line.strip().split(" ")[0]))
                .containsExactlyInAnyOrderElementsOf(topics());
    }

    @ParameterizedTest
    @MethodSource("topics")
    void every_page_is_shown_without_marks_of_its_format(String topic) {
        Shown shown = screen.run("help", topic);
        assertThat(shown.code()).isZero();
        assertThat(shown.out()).doesNotContain("```", "**", "](", "<!--", "\n#").contains("\n====");
        assertThat(shown.out().lines().filter(line -> !line.startsWith("|") && !line.startsWith("    ")))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void a_page_has_underlined_headings_indented_commands_and_links_that_can_be_typed() {
        assertThat(PageText.of("""
                # One

                Text that **says** what
                is [next](zone-files.md#two), and [there](#two).

                - an item
                  of two lines
                1. a step

                ```yaml edge.yml
                data: ./x
                ```

                ## Two
                | a | b |
                """)).isEqualTo("""
                One
                ===

                Text that says what is next [edge help zone-files], and there.

                - an item of two lines
                1. a step

                  edge.yml:
                    data: ./x

                Two
                ---
                | a | b |
                """);
    }

    @Test
    void the_options_of_a_command_are_shown_too_and_a_page_of_the_same_name_says_where_they_are() {
        assertThat(screen.run("help", "zone", "import").out()).contains("Usage: edge zone import");
        assertThat(screen.run("help", "backup").out()).contains("Usage: edge backup");
        assertThat(screen.run("help", "cluster").out()).contains("edge cluster invite", "'edge cluster --help' shows");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "recrods        | 'edge help records'",
                "zonefiles      | 'edge help zone-files'",
                "tls            | 'edge help certificates'",
                "ddos           | 'edge help floods'",
                "purge          | keeps no answers of origins",
                "zone improt    | no page and no command 'zone improt'",
            })
    void an_unknown_topic_is_told_what_it_may_mean(String words, String meant) {
        Shown shown = screen.run(("help " + words).split(" "));
        assertThat(shown.code()).isEqualTo(CommandException.USAGE);
        assertThat(shown.err())
                .startsWith("edge: there is no page and no command")
                .contains(meant);
        assertThat(shown.out()).isEmpty();
    }

    @Test
    void what_has_no_meaning_is_led_to_the_list() {
        assertThat(screen.run("help", "qqqqqqqq").err())
                .doesNotContain("Did you mean")
                .contains("'edge help' lists the pages.");
    }

    @Test
    void every_synonym_leads_to_a_page() {
        assertThat(List.of("setup", "ttl", "bind", "partial", "http", "doh", "join", "geoip", "update", "log"))
                .allSatisfy(word ->
                        assertThat(Synonyms.page(word).flatMap(Manual::page)).isPresent());
    }

    @Test
    void completion_of_the_shell_knows_the_pages() throws IOException {
        String script = AutoComplete.bash("edge", EdgeCommand.commandLine(screen.environment()));
        assertThat(topics()).allSatisfy(topic -> assertThat(script).contains("\"" + topic + "\""));
    }
}
