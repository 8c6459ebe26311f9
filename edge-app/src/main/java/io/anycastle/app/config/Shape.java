package io.anycastle.app.config;

import java.util.Optional;
import java.util.function.Function;

/**
 * What a value may look like: reads it from YAML, writes it back, and says in words what is expected.
 *
 * @param expected completes "expected ...", unit and range included
 * @param reader the value, or the problems told
 * @param writer YAML in one line
 */
record Shape<T>(String expected, Reader<T> reader, Function<T, String> writer) {
    /** Reads a value that stands at {@code at}. */
    @FunctionalInterface
    interface Reader<T> {
        Optional<T> read(YamlNode node, String at, Problems problems);
    }

    /** A shape whose values are one scalar. */
    static <T> Shape<T> scalar(String expected, Function<String, Optional<T>> parse, Function<T, String> writer) {
        return new Shape<>(
                expected,
                (node, at, problems) -> {
                    Optional<T> value = node instanceof YamlNode.Scalar scalar
                                    && !scalar.text().isEmpty()
                            ? parse.apply(scalar.text())
                            : Optional.empty();
                    if (value.isEmpty()) {
                        problems.mismatch(node, at, expected);
                    }
                    return value;
                },
                writer);
    }

    Optional<T> read(YamlNode node, String at, Problems problems) {
        return reader.read(node, at, problems);
    }

    String write(T value) {
        return writer.apply(value);
    }
}
