package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.reply.EdgeError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the manual hang together, and name only what there is. */
class ManualTest {
    private static final int LINE_MAX = 100;
    private static final int README_LINES_MIN = 150;
    private static final int README_LINES_MAX = 200;
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]*)(?:#([^)]*))?\\)");

    static List<DocPage> pages() throws IOException {
        return DocPage.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_link_leads_to_a_file_and_to_a_heading_in_it(DocPage page) {
        for (MatchResult link : LINK.matcher(page.prose()).results().toList()) {
            Path target = link.group(1).isEmpty() ? page.path() : page.path().resolveSibling(link.group(1));
            assertThat(target).describedAs(link.group()).isRegularFile();
            if (link.group(2) != null) {
                assertThat(new DocPage(target).anchors())
                        .describedAs(link.group())
                        .contains(link.group(2));
            }
        }
    }

    /** Pages are shown without the source tree: what they link to ships with them. */
    @Test
    void the_pages_of_the_manual_link_to_each_other_alone() throws IOException {
        for (DocPage page : DocPage.manual()) {
            assertThat(LINK.matcher(page.prose()).results().map(link -> link.group(1)))
                    .describedAs(page.name())
                    .allMatch(target -> target.matches("|[a-z-]+\\.md"));
        }
    }

    @Test
    void the_index_and_the_readme_lead_to_every_page() throws IOException {
        String index = DocPage.of("index").text();
        for (DocPage page : DocPage.manual()) {
            assertThat(DocPage.README.text()).contains("edge-app/src/docs/" + page.name());
            if (!page.name().equals("index.md")) {
                assertThat(index).contains("](" + page.name() + ")");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void lines_of_text_are_wrapped(DocPage page) {
        assertThat(page.prose().lines().filter(line -> !line.startsWith("|")))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(LINE_MAX));
    }

    @Test
    void the_readme_is_read_in_five_minutes() {
        assertThat(DocPage.README.text().lines().count()).isBetween((long) README_LINES_MIN, (long) README_LINES_MAX);
    }

    @Test
    void every_error_is_explained_by_its_number_and_no_other() {
        Map<String, String> explained = Pattern.compile("^\\| (\\d+) \\| ([^|]+) \\|", Pattern.MULTILINE)
                .matcher(DocPage.of("troubleshooting").section("Errors by number"))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
        assertThat(explained)
                .isEqualTo(Stream.of(EdgeError.values())
                        .collect(Collectors.toMap(error -> Integer.toString(error.code()), EdgeError::title)));
    }

    @Test
    void an_error_whose_status_is_another_number_says_so() {
        String section = DocPage.of("troubleshooting").section("Errors by number");
        for (EdgeError error : EdgeError.values()) {
            String row = section.lines()
                    .filter(line -> line.startsWith("| " + error.code() + " |"))
                    .findFirst()
                    .orElseThrow();
            assertThat(row.contains("(status ")).isEqualTo(error.status() != error.code());
            if (error.status() != error.code()) {
                assertThat(row).contains("(status " + error.status() + ")");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("quotedLines")
    void every_line_that_is_explained_is_one_that_the_program_writes(String line) throws IOException {
        String code = code();
        for (String fixed : line.split("\\.\\.\\.")) {
            if (fixed.strip().length() > 2) {
                assertThat(code).describedAs(line).containsIgnoringWhitespaces(fixed.strip());
            }
        }
    }

    static List<String> quotedLines() {
        DocPage page = DocPage.of("troubleshooting");
        return Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE)
                .matcher(page.section("A node does not start") + page.section("Log lines"))
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    /** All of the program, with texts in one piece that stand there in several. */
    private static String code() throws IOException {
        StringBuilder code = new StringBuilder(Files.readString(DocPage.ROOT.resolve("edge")));
        try (Stream<Path> files = Files.walk(DocPage.ROOT)) {
            for (Path source : files.filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
                    .toList()) {
                code.append(Files.readString(source));
            }
        }
        return code.toString().replaceAll("\"\\s*\\+ \"", "");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_script_that_is_named_is_there(DocPage page) {
        assertThat(Pattern.compile("`(edge-[a-z]+/src/[^` ]+)")
                        .matcher(page.prose())
                        .results()
                        .map(script -> DocPage.ROOT.resolve(script.group(1))))
                .allSatisfy(script -> assertThat(script).exists());
    }

    @Test
    void every_metric_that_is_named_is_there(@TempDir Path folder) throws IOException {
        try (TestNode node = TestNode.start(folder)) {
            String metrics = node.bare("GET", "/metrics").text();
            for (DocPage page : DocPage.all()) {
                assertThat(Pattern.compile("`(anycastle_[a-z_]+)[*]?`")
                                .matcher(page.text().replaceAll("(?m)^\\| `[^`]+` \\| (`anycastle_[^`]+`) \\|$", "$1"))
                                .results()
                                .map(name -> name.group(1)))
                        .describedAs(page.name())
                        .allSatisfy(name -> assertThat(metrics).contains("\n" + name));
            }
        }
    }

    @Test
    void every_call_of_the_api_that_is_listed_is_there(@TempDir Path folder) {
        List<MatchResult> calls = Pattern.compile("`([A-Z]+) (/[^`]*)`")
                .matcher(DocPage.of("api").section("Calls"))
                .results()
                .toList();
        assertThat(calls).isNotEmpty();
        try (TestNode node = TestNode.start(folder)) {
            for (MatchResult call : calls) {
                Answer refused = node.call("PROPFIND", call.group(2).replace("{id}", "x"), "");
                assertThat(refused.status()).describedAs(call.group()).isEqualTo(405);
                assertThat(refused.header("Allow").split(", "))
                        .describedAs(call.group())
                        .contains(call.group(1));
            }
        }
    }

    @Test
    void no_old_name_of_a_metric_is_there(@TempDir Path folder) {
        List<String> old = Pattern.compile("^\\| `(anycastle_[a-z_]+)` \\|", Pattern.MULTILINE)
                .matcher(DocPage.of("backup-upgrade").section("Old and new metric names"))
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(old).isNotEmpty();
        try (TestNode node = TestNode.start(folder)) {
            assertThat(node.bare("GET", "/metrics").text()).doesNotContain(old);
        }
    }
}
