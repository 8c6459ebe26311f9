package io.anycastle.core.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a record that a PATCH names; what is absent stays as it is. An empty comment removes it. */
public record RecordPatch(
        Optional<String> name,
        Optional<String> type,
        Optional<String> content,
        Map<String, Object> data,
        Optional<Integer> priority,
        Optional<Integer> ttlSeconds,
        Optional<Boolean> proxied,
        SettingsPatch settings,
        Optional<String> comment,
        Optional<List<String>> tags,
        OriginDraft origin) {
    public RecordPatch {
        data = Map.copyOf(data);
        tags = tags.map(List::copyOf);
    }

    public RecordPatch(
            Optional<String> name,
            Optional<String> type,
            Optional<String> content,
            Map<String, Object> data,
            Optional<Integer> priority,
            Optional<Integer> ttlSeconds,
            Optional<Boolean> proxied,
            SettingsPatch settings,
            Optional<String> comment,
            Optional<List<String>> tags) {
        this(name, type, content, data, priority, ttlSeconds, proxied, settings, comment, tags, OriginDraft.NONE);
    }
}
