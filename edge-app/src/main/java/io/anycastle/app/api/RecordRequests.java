package io.anycastle.app.api;

import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordPatch;
import io.anycastle.core.model.RecordSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads records as clients send them; read-only fields are ignored. */
final class RecordRequests {
    private RecordRequests() {}

    /** A whole record, of POST and PUT. */
    static RecordDraft draft(Body body) {
        return body.all(RecordRequests::readDraft);
    }

    static RecordDraft readDraft(Body body) {
        return new RecordDraft(
                body.requiredText("name"),
                body.requiredText("type"),
                content(body),
                data(body),
                body.wholeNumber("priority"),
                body.wholeNumber("ttl"),
                body.flag("proxied"),
                settings(body),
                body.text("comment"),
                tags(body));
    }

    /** The fields that a PATCH names. */
    static RecordPatch patch(Body body) {
        return body.all(RecordRequests::readPatch);
    }

    static RecordPatch readPatch(Body body) {
        return new RecordPatch(
                body.text("name"),
                body.text("type"),
                content(body),
                data(body),
                body.wholeNumber("priority"),
                body.wholeNumber("ttl"),
                body.flag("proxied"),
                settings(body),
                isNulled(body, "comment") ? Optional.of("") : body.text("comment"),
                tags(body));
    }

    private static boolean isNulled(Body body, String field) {
        return body.json().containsKey(field) && !body.has(field);
    }

    /** Clients that fill {@code data} send an empty content beside it. */
    private static Optional<String> content(Body body) {
        Optional<String> content = body.text("content");
        return content.filter(String::isEmpty).isPresent() && body.has("data") ? Optional.empty() : content;
    }

    private static Map<String, Object> data(Body body) {
        return body.object("data").map(Body::scalars).orElse(Map.of());
    }

    private static Optional<List<String>> tags(Body body) {
        return body.texts("tags");
    }

    private static Optional<RecordSettings> settings(Body body) {
        return body.object("settings")
                .map(settings -> new RecordSettings(
                        settings.flag("ipv4_only").orElse(false),
                        settings.flag("ipv6_only").orElse(false),
                        settings.flag("flatten_cname").orElse(false)));
    }
}
