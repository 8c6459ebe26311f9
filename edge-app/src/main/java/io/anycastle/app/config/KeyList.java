package io.anycastle.app.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys of one section in the order in which they are printed; a key stands in the list by being declared. */
final class KeyList {
    private final List<Key<?>> keys = new ArrayList<>();

    <T> Key<T> key(String path, Shape<T> shape, T fallback, String doc) {
        Key<T> key = new Key<>(path, shape, fallback, doc);
        keys.add(key);
        return key;
    }

    /** A key that is nothing when nobody says. */
    <T> Key<Optional<T>> optional(String path, Shape<T> shape, String doc) {
        return key(path, Shapes.maybe(shape), Optional.empty(), doc);
    }

    /** A patience with the network, from a millisecond to a day. */
    Key<Duration> timeout(String path, Duration fallback, String doc) {
        return key(path, Shapes.duration(Duration.ofMillis(1), Duration.ofDays(1)), fallback, doc);
    }

    /** Keys that are declared elsewhere stand here. */
    void include(List<Key<?>> others) {
        keys.addAll(others);
    }

    /** Those declared so far. */
    List<Key<?>> all() {
        return List.copyOf(keys);
    }
}
