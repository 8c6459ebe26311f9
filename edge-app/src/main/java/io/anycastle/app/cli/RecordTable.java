package io.anycastle.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** Records as people read them: Type, Name, Content, Proxy status, TTL. */
final class RecordTable {
    private static final int CONTENT_MAX = 80;

    /** Said where there are none. */
    static final String EMPTY = "No records.";

    private RecordTable() {}

    static Table columns() {
        return new Table()
                .column("Type", "type")
                .column("Name", "name")
                .column("Content", RecordTable::content)
                .column("Proxy status", record -> record.getBoolean("proxied") ? "Proxied" : "DNS only")
                .column("TTL", record -> ttl(record.getInteger("ttl")));
    }

    static String of(List<JsonObject> records) {
        return records.isEmpty() ? EMPTY + "\n" : columns().of(records);
    }

    private static String content(JsonObject record) {
        Integer priority = record.getInteger("priority");
        String origin = OriginText.of(record.getJsonObject("settings", new JsonObject()));
        String content = (priority == null ? "" : priority + " ")
                + record.getString("content")
                + (origin.isEmpty() ? "" : " [" + origin + "]");
        return content.length() > CONTENT_MAX ? content.substring(0, CONTENT_MAX - 3) + "..." : content;
    }

    static String ttl(int seconds) {
        if (seconds == 1) {
            return "Auto";
        }
        if (seconds == 0) {
            return "0 s";
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + (seconds == 86_400 ? " day" : " days");
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + " hr";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
