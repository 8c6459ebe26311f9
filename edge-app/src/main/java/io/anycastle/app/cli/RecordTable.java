package io.anycastle.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** Records as people read them: Type, Name, Content, Proxy status, TTL. */
final class RecordTable {
    private static final int CONTENT_MAX = 80;

    private RecordTable() {}

    static String of(List<JsonObject> records) {
        if (records.isEmpty()) {
            return "No records.\n";
        }
        Table table = new Table("Type", "Name", "Content", "Proxy status", "TTL");
        for (JsonObject record : records) {
            table.row(
                    record.getString("type"),
                    record.getString("name"),
                    content(record),
                    record.getBoolean("proxied") ? "Proxied" : "DNS only",
                    ttl(record.getInteger("ttl")));
        }
        return table.toString();
    }

    private static String content(JsonObject record) {
        Integer priority = record.getInteger("priority");
        String content = (priority == null ? "" : priority + " ") + record.getString("content");
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
