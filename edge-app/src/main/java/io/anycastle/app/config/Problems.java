package io.anycastle.app.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one file, a line each: {@code edge.yml:12: dns.listen[0].port: expected ...}. */
public final class Problems {
    private final String file;
    private final List<String> lines = new ArrayList<>();

    public Problems(String file) {
        this.file = file;
    }

    /** @param key the full key; empty for a problem of the whole file */
    void add(int line, String key, String message) {
        lines.add(file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + message);
    }

    /** A value of another shape than it takes. */
    void mismatch(YamlNode node, String key, String expected) {
        add(node.line(), key, "expected " + expected + ", found " + node.shape());
    }

    /** A problem at one character of the file; both numbers from 1. */
    void at(int line, int column, String message) {
        lines.add(file + ":" + line + ":" + column + ": " + message);
    }

    /** A problem between keys, at no one line. */
    void add(String key, String message) {
        lines.add(file + ": " + key + ": " + message);
    }

    /** In the order of the file. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }
}
