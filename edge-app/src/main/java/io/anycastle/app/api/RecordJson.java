package io.anycastle.app.api;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.rdata.ContentForm;
import io.anycastle.core.rdata.RecordContent;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows records to clients; {@code id} comes first, because some look for the first one in the text. */
final class RecordJson {
    private RecordJson() {}

    static JsonObject of(Record record) {
        JsonObject json = new JsonObject()
                .put("id", record.id())
                .put("name", record.name().toString())
                .put("type", record.type().name())
                .put("content", record.content())
                .put("proxiable", record.type().isProxiable())
                .put("proxied", record.proxied())
                .put("ttl", record.proxied() ? 1 : record.ttl().seconds())
                .put("settings", settings(record))
                .put("meta", new JsonObject())
                .put("comment", record.comment().isEmpty() ? null : record.comment())
                .put("tags", new JsonArray(record.tags()))
                .put("created_on", time(record.createdOn()))
                .put("modified_on", time(record.modifiedOn()));
        record.priority().ifPresent(priority -> json.put("priority", priority));
        ContentForm form = ContentForm.of(record.type());
        if (form.hasData()) {
            json.put("data", data(form.data(new RecordContent(record.content(), record.priority(), record.rdata()))));
        }
        return json;
    }

    private static JsonObject data(Map<String, Object> fields) {
        JsonObject data = new JsonObject();
        fields.forEach(data::put);
        return data;
    }

    private static JsonObject settings(Record record) {
        RecordSettings settings = record.settings();
        JsonObject json = new JsonObject();
        if (record.type() == RecordType.CNAME) {
            json.put("flatten_cname", settings.flattenCname());
        }
        if (settings.ipv4Only()) {
            json.put("ipv4_only", true);
        }
        if (settings.ipv6Only()) {
            json.put("ipv6_only", true);
        }
        settings.origin().json().forEach((key, value) -> json.put(key.text(), Json.decodeValue(value)));
        return json;
    }

    /** When a document was written; null where it is not there. */
    static @Nullable String time(Optional<Document> document) {
        return document.map(written -> time(Instant.ofEpochMilli(written.stamp().millis())))
                .orElse(null);
    }

    /** RFC 3339 in UTC with up to six fractional digits. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).toString();
    }
}
