package io.anycastle.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The pages of the manual, which lie in the program; its index names them in order and says what each is about. */
final class Manual {
    private static final String FOLDER = "/manual/";
    private static final String INDEX = "index";
    private static final Pattern ENTRY =
            Pattern.compile("^- \\[[^]]+]\\(([a-z-]+)\\.md\\): (.*(?:\\n {2}.*)*)", Pattern.MULTILINE);

    private Manual() {}

    /** A page by the name that it is asked for. */
    record Topic(String name, String about) {}

    static List<Topic> topics() {
        return ENTRY.matcher(text(INDEX))
                .results()
                .map(entry -> new Topic(entry.group(1), entry.group(2).replaceAll("\\s+", " ")))
                .toList();
    }

    /** The names alone, which completion of the shell offers too. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return topics().stream().map(Topic::name).iterator();
        }
    }

    /** The page as it is written, in Markdown. */
    static Optional<String> page(String name) {
        return topics().stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .map(topic -> text(topic.name()));
    }

    private static String text(String name) {
        try (InputStream page = Manual.class.getResourceAsStream(FOLDER + name + ".md")) {
            if (page == null) {
                throw new IllegalStateException("the manual's page " + name + " is not in the program");
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
