package io.anycastle.app.api;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which methods each path of the admin listener has, to tell those who tried another one (RFC 9110 section 15.5.6). */
final class AllowedMethods {
    private record Entry(HttpMethod method, Pattern path, int varying) {}

    private final List<Entry> entries = new ArrayList<>();

    /** @param path with {@code :name} for a part that varies */
    void add(HttpMethod method, String path) {
        int varying = (int) path.chars().filter(c -> c == ':').count();
        entries.add(new Entry(method, Pattern.compile(path.replaceAll(":[a-z]+", "[^/]+") + "/?"), varying));
    }

    /** In the form of the field {@code Allow}, of the path with the fewest parts that vary; empty where there is no such path. */
    String at(String path) {
        List<Entry> here = entries.stream()
                .filter(entry -> entry.path.matcher(path).matches())
                .toList();
        int fewest = here.stream().mapToInt(Entry::varying).min().orElse(0);
        return here.stream()
                .filter(entry -> entry.varying == fewest)
                .map(entry -> entry.method.name())
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
