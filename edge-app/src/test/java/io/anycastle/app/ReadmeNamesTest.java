package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written for developers names classes and packages that exist. */
class ReadmeNamesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void every_class_and_package_that_is_named_exists() throws IOException {
        String developers = DocPage.README.section("For developers")
                + DocPage.of("design").text()
                + DocPage.of("glossary").text();
        List<Path> sources = sources();
        Set<String> classes = sources.stream()
                .map(source -> source.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        Set<String> packages = sources.stream()
                .map(source ->
                        source.resolveSibling("").toString().replace('/', '.').replaceFirst(".*io\\.anycastle\\.", ""))
                .collect(Collectors.toSet());
        assertThat(named(developers, "`([A-Z][A-Za-z]+)`")).isNotEmpty().isSubsetOf(classes);
        assertThat(named(developers, "\\| `([a-z]+(?:\\.[a-z]+)+)` \\|"))
                .isNotEmpty()
                .isSubsetOf(packages);
    }

    @Test
    void every_profile_and_plugin_of_a_maven_command_is_in_the_build() throws IOException {
        String readme = DocPage.README.text() + DocPage.of("design").text();
        String build = Files.readString(ROOT.resolve("pom.xml"));
        assertThat(named(readme, "`mvn [^`]*-P([a-z]+)"))
                .isNotEmpty()
                .allSatisfy(profile -> assertThat(build).contains("<id>" + profile + "</id>"));
        assertThat(named(readme, "`mvn ([a-z]+):[a-z]+`"))
                .isNotEmpty()
                .allSatisfy(
                        plugin -> assertThat(build).contains("<artifactId>" + plugin + "-maven-plugin</artifactId>"));
    }

    @Test
    void every_package_of_the_store_is_named() throws IOException {
        Path store = ROOT.resolve("edge-core/src/main/java/io/anycastle/core/store");
        try (Stream<Path> files = Files.list(store)) {
            assertThat(named(DocPage.README.section("For developers"), "\\| `core\\.store\\.([a-z]+)` \\|"))
                    .containsExactlyInAnyOrderElementsOf(files.filter(Files::isDirectory)
                            .map(folder -> folder.getFileName().toString())
                            .toList());
        }
    }

    private static List<String> named(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().matches(".*/src/(main|test)/java/.*\\.java"))
                    .toList();
        }
    }
}
