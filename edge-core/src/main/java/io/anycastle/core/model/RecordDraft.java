package io.anycastle.core.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A record as a user asks for it, before anything is checked. What is absent takes its default.
 *
 * @param name as spelled: {@code @}, relative, absolute or with a final dot
 * @param type as spelled
 * @param content the presentation form, absent when {@code data} carries the fields
 * @param data the typed fields of the API ({@code data} object); values are String, Number or Boolean; empty when absent
 * @param priority of MX, SRV, URI, HTTPS and SVCB when it stands at the top level
 * @param ttlSeconds 1 is automatic
 * @param origin stays as it is where the record is there already
 */
public record RecordDraft(
        String name,
        String type,
        Optional<String> content,
        Map<String, Object> data,
        Optional<Integer> priority,
        Optional<Integer> ttlSeconds,
        Optional<Boolean> proxied,
        Optional<RecordSettings> settings,
        Optional<String> comment,
        Optional<List<String>> tags,
        OriginDraft origin) {
    public RecordDraft {
        data = Map.copyOf(data);
        tags = tags.map(List::copyOf);
    }

    public RecordDraft(
            String name,
            String type,
            Optional<String> content,
            Map<String, Object> data,
            Optional<Integer> priority,
            Optional<Integer> ttlSeconds,
            Optional<Boolean> proxied,
            Optional<RecordSettings> settings,
            Optional<String> comment,
            Optional<List<String>> tags) {
        this(name, type, content, data, priority, ttlSeconds, proxied, settings, comment, tags, OriginDraft.NONE);
    }

    /** A draft with content and nothing else said. */
    public static RecordDraft of(String name, String type, String content) {
        return new RecordDraft(
                name,
                type,
                Optional.of(content),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public RecordDraft withProxied(boolean proxied) {
        return new RecordDraft(
                name, type, content, data, priority, ttlSeconds, Optional.of(proxied), settings, comment, tags, origin);
    }

    public RecordDraft withOrigin(OriginDraft other) {
        return new RecordDraft(
                name, type, content, data, priority, ttlSeconds, proxied, settings, comment, tags, other);
    }

    public RecordDraft withTtl(int seconds) {
        return new RecordDraft(
                name, type, content, data, priority, Optional.of(seconds), proxied, settings, comment, tags, origin);
    }

    public RecordDraft withPriority(int priority) {
        return new RecordDraft(
                name, type, content, data, Optional.of(priority), ttlSeconds, proxied, settings, comment, tags, origin);
    }
}
