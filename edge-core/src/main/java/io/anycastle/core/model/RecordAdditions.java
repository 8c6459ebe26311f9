package io.anycastle.core.model;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What few records have, in one place so that the others need not hold room for each: how the origin is asked, and what a newer version
 * has added. On disk, between nodes and in the cluster maps both are fields by name, which versions that do not know them keep.
 */
record RecordAdditions(OriginSettings origin, UnknownFields unknown) {
    static final RecordAdditions NONE = new RecordAdditions(OriginSettings.NONE, UnknownFields.NONE);

    static RecordAdditions of(OriginSettings origin, UnknownFields unknown) {
        return origin.isEmpty() && unknown.isEmpty() ? NONE : new RecordAdditions(origin, unknown);
    }

    /** Those that were stored as these fields. */
    static RecordAdditions stored(UnknownFields fields) {
        if (fields.isEmpty()) {
            return NONE;
        }
        Map<OriginKey, String> origin = new EnumMap<>(OriginKey.class);
        Map<String, String> unknown = new TreeMap<>();
        fields.json()
                .forEach((name, json) -> OriginKey.named(name)
                        .ifPresentOrElse(key -> origin.put(key, json), () -> unknown.put(name, json)));
        return new RecordAdditions(OriginSettings.of(origin), UnknownFields.of(unknown));
    }

    /** The fields to be stored. */
    UnknownFields fields() {
        if (origin.isEmpty()) {
            return unknown;
        }
        Map<String, String> fields = new TreeMap<>(unknown.json());
        origin.json().forEach((key, json) -> fields.put(key.text(), json));
        return UnknownFields.of(fields);
    }
}
