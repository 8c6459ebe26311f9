package io.anycastle.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.DocPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manual's page of keys says what the table of keys says. */
class ConfigurationPageTest {
    private static final String MARK =
            "<!-- What follows is made from the table of keys by ConfigurationPageTest. -->\n";
    private static final Path MADE = Path.of("target", "configuration.md");
    private static final int WIDTH = 100;
    private static final Set<String> FILES =
            Set.of("edge.yml", "cluster.key", "cluster.json", "admin.token", "admin.token.hash");

    private static final Pattern KEY = Pattern.compile("`([a-z]+(?:\\.[a-z0-9-]+)+)(?:\\.\\*)?(?:: [^`]*)?`");

    @Test
    void the_page_of_keys_is_made_from_their_table() throws IOException {
        String page = DocPage.of("configuration").text();
        String made = page.substring(0, page.indexOf(MARK) + MARK.length()) + keys();
        Files.writeString(MADE, made);
        assertThat(page)
                .describedAs("the page's text; edge-app/%s is what it should be", MADE)
                .isEqualTo(made);
    }

    @ParameterizedTest
    @MethodSource("namedKeys")
    void every_key_that_the_manual_names_exists(String named) {
        assertThat(Keys.ALL)
                .anyMatch(key -> key.path().equals(named) || key.path().startsWith(named + "."));
    }

    /** The page for developers names packages, which are spelled like keys. */
    static Stream<String> namedKeys() throws IOException {
        return DocPage.manual().stream()
                .filter(page -> !page.path().endsWith("design.md"))
                .flatMap(page -> KEY.matcher(page.prose()).results())
                .map(key -> key.group(1))
                .filter(name -> !FILES.contains(name) && isInAGroup(name))
                .distinct();
    }

    private static boolean isInAGroup(String name) {
        String group = name.substring(0, name.indexOf('.') + 1);
        return Keys.ALL.stream().anyMatch(key -> key.path().startsWith(group));
    }

    private static String keys() {
        StringBuilder out = new StringBuilder();
        String group = "";
        for (Key<?> key : Keys.ALL) {
            String at = key.path().contains(".")
                    ? key.path().substring(0, key.path().indexOf('.'))
                    : "";
            if (!at.equals(group) || out.isEmpty()) {
                out.append("\n## ")
                        .append(at.isEmpty() ? "Of the whole node" : at)
                        .append("\n\n");
                group = at;
            }
            entry(out, key);
        }
        return out.toString();
    }

    private static <T> void entry(StringBuilder out, Key<T> key) {
        String fallback = key.shape().write(key.fallback());
        String text =
                "`" + key.path() + "`: " + key.doc() + " Takes " + key.shape().expected() + ". Default: "
                        + (fallback.isEmpty() ? "nothing" : "`" + fallback + "`") + ".";
        StringBuilder line = new StringBuilder("-");
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > WIDTH) {
                out.append(line).append('\n');
                line.setLength(0);
                line.append(' ');
            }
            line.append(' ').append(word);
        }
        out.append(line).append('\n');
    }
}
