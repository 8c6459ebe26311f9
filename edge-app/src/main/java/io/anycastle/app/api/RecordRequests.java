package io.anycastle.app.api;

import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordPatch;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.SettingsPatch;
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
        Optional<Body> settings = body.object("settings");
        return new RecordDraft(
                body.requiredText("name"),
                body.requiredText("type"),
                content(body),
                data(body),
                body.wholeNumber("priority"),
                body.wholeNumber("ttl"),
                body.flag("proxied"),
                settings.map(RecordRequests::switches).map(switches -> switches.over(RecordSettings.NONE)),
                body.text("comment"),
                tags(body),
                origin(settings));
    }

    /** The fields that a PATCH names. */
    static RecordPatch patch(Body body) {
        return body.all(RecordRequests::readPatch);
    }

    static RecordPatch readPatch(Body body) {
        Optional<Body> settings = body.object("settings");
        return new RecordPatch(
                body.text("name"),
                body.text("type"),
                content(body),
                data(body),
                body.wholeNumber("priority"),
                body.wholeNumber("ttl"),
                body.flag("proxied"),
                settings.map(RecordRequests::switches).orElse(SettingsPatch.NONE),
                isNulled(body, "comment") ? Optional.of("") : body.text("comment"),
                tags(body),
                origin(settings));
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

    private static SettingsPatch switches(Body settings) {
        return new SettingsPatch(
                settings.flag("ipv4_only"), settings.flag("ipv6_only"), settings.flag("flatten_cname"));
    }

    /** Checked where the record is; clients that know nothing of it send settings without it, which leaves it as it is. */
    private static OriginDraft origin(Optional<Body> settings) {
        return settings.map(said -> OriginDraft.among(said.json().encode())).orElse(OriginDraft.NONE);
    }
}
