package io.anycastle.app.config;

import java.util.ArrayList;
import java.util.List;

/** Writes a configuration as a commented YAML file that reads back as itself. */
public final class ConfigText {
    private static final int WIDTH = 100;

    private ConfigText() {}

    /** Every key with what it means, its range, its default and its value. */
    public static String of(EdgeConfig config) {
        StringBuilder out =
                new StringBuilder("# Every setting of an Anycastle node. What is left out has the value shown here.\n");
        List<String> open = List.of();
        for (Key<?> key : Keys.ALL) {
            List<String> parts = List.of(key.path().split("\\."));
            List<String> groups = parts.subList(0, parts.size() - 1);
            openGroups(out, open, groups);
            open = groups;
            write(out, "  ".repeat(groups.size()), parts.getLast(), key, config);
        }
        return out.toString();
    }

    private static void openGroups(StringBuilder out, List<String> open, List<String> groups) {
        int same = 0;
        while (same < Math.min(open.size(), groups.size()) && open.get(same).equals(groups.get(same))) {
            same++;
        }
        for (int i = same; i < groups.size(); i++) {
            out.append('\n').append("  ".repeat(i)).append(groups.get(i)).append(":\n");
        }
        if (same == groups.size() && !open.equals(groups)) {
            out.append('\n');
        }
    }

    private static <T> void write(StringBuilder out, String indent, String name, Key<T> key, EdgeConfig config) {
        T value = config.value(key);
        for (String line : wrapped(
                key.path() + ": " + key.doc() + " Takes " + key.shape().expected() + ".", WIDTH - indent.length())) {
            out.append(indent).append("# ").append(line).append('\n');
        }
        if (!value.equals(key.fallback())) {
            String fallback = key.shape().write(key.fallback());
            out.append(indent)
                    .append("# Default: ")
                    .append(fallback.isEmpty() ? "nothing" : fallback)
                    .append('\n');
        }
        out.append(indent)
                .append((name + ": " + key.shape().write(value)).stripTrailing())
                .append('\n');
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
