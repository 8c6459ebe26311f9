package io.anycastle.app.config;

import java.util.List;
import java.util.Map;

/** A piece of a YAML document that remembers its line, counted from 1. */
sealed interface YamlNode {
    int line();

    /** A single value as written; empty text when nothing stands there. */
    record Scalar(int line, String text) implements YamlNode {}

    record Sequence(int line, List<YamlNode> items) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** Keys in the order of the file. */
    record Mapping(int line, Map<String, YamlNode> entries) implements YamlNode {}

    /** What a person would call this shape. */
    default String shape() {
        return switch (this) {
            case Scalar scalar -> scalar.text().isEmpty() ? "nothing" : "'" + scalar.text() + "'";
            case Sequence ignored -> "a list";
            case Mapping ignored -> "a group of keys";
        };
    }
}
