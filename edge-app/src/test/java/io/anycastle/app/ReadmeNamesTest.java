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

/** The README's part for developers names classes and packages that exist. */
class ReadmeNamesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void every_class_and_package_that_the_readme_names_exists() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String developers = readme.substring(readme.indexOf("\n## For developers"));
        List<Path> sources = sources();
        Set<String> classes = sources.stream()
                .map(source -> source.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        Set<String> packages = sources.stream()
                .map(source ->
                        source.resolveSibling("").toString().replace('/', '.').replaceFirst(".*io\\.anycastle\\.", ""))
                .collect(Collectors.toSet());
        assertThat(named(developers, "`([A-Z][A-Za-z]+)`")).isNotEmpty().isSubsetOf(classes);
        assertThat(named(developers, "\\| `([a-z]+\\.[a-z]+)` \\|"))
                .isNotEmpty()
                .isSubsetOf(packages);
    }

    @Test
    void every_profile_and_plugin_of_a_maven_command_in_the_readme_is_in_the_build() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String build = Files.readString(ROOT.resolve("pom.xml"));
        assertThat(named(readme, "`mvn [^`]*-P([a-z]+)"))
                .isNotEmpty()
                .allSatisfy(profile -> assertThat(build).contains("<id>" + profile + "</id>"));
        assertThat(named(readme, "`mvn ([a-z]+):[a-z]+`"))
                .isNotEmpty()
                .allSatisfy(
                        plugin -> assertThat(build).contains("<artifactId>" + plugin + "-maven-plugin</artifactId>"));
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
