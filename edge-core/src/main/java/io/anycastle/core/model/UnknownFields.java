package io.anycastle.core.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a newer version has added to a value: this version keeps it, writes it back and does not understand it.
 *
 * @param json each field's value as a JSON text, by the field's name
 */
public record UnknownFields(SortedMap<String, String> json) {
    public static final UnknownFields NONE = new UnknownFields(Collections.emptySortedMap());

    public UnknownFields {
        json = Collections.unmodifiableSortedMap(new TreeMap<>(json));
    }

    /** Those fields; {@link #NONE} when there are none. */
    public static UnknownFields of(Map<String, String> json) {
        return json.isEmpty() ? NONE : new UnknownFields(new TreeMap<>(json));
    }

    public boolean isEmpty() {
        return json.isEmpty();
    }
}
