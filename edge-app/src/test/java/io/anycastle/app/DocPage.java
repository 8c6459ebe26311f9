package io.anycastle.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The README or a page of the manual. */
public record DocPage(Path path) {
    /** The source tree. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static final DocPage README = new DocPage(ROOT.resolve("README.md"));
    private static final Path MANUAL = ROOT.resolve("edge-app/src/docs");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final Pattern FENCE = Pattern.compile("^```.*?^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /** The page of that name, without its ending. */
    public static DocPage of(String name) {
        return new DocPage(MANUAL.resolve(name + ".md"));
    }

    public static List<DocPage> manual() throws IOException {
        try (Stream<Path> files = Files.list(MANUAL)) {
            return files.sorted().map(DocPage::new).toList();
        }
    }

    static List<DocPage> all() throws IOException {
        return Stream.concat(Stream.of(README), manual().stream()).toList();
    }

    String name() {
        return path.getFileName().toString();
    }

    public String text() {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without its blocks of commands and files. */
    public String prose() {
        return FENCE.matcher(text()).replaceAll("");
    }

    /** What stands below a heading, up to the next of the same level. */
    String section(String heading) {
        String text = text();
        int from = text.indexOf("\n## " + heading + "\n");
        if (from < 0) {
            throw new IllegalArgumentException(name() + " has no section " + heading);
        }
        int to = text.indexOf("\n## ", from + 1);
        return text.substring(from, to < 0 ? text.length() : to);
    }

    /** Where links into the page may lead, as the usual renderers of Markdown name its headings. */
    Set<String> anchors() {
        return HEADING.matcher(prose())
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
