package io.anycastle.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the records that a user means. */
final class RecordMatcher {
    private RecordMatcher() {}

    /** What is known of them; empty texts match all. */
    record Wanted(String name, String type, String content, String id) {}

    /** @param path of the zone's records */
    static List<JsonObject> records(NodeClient client, String path, Wanted wanted) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("name", wanted.name());
        parameters.put("type", wanted.type());
        parameters.put("content", wanted.content());
        return client.list(path, parameters).stream()
                .filter(record ->
                        wanted.id().isEmpty() || record.getString("id").equals(wanted.id()))
                .toList();
    }

    /** The one record; with none or several, a failure that shows them. */
    static JsonObject one(List<JsonObject> found, String meant) {
        if (found.isEmpty()) {
            throw CommandException.of(meant + ": there is no such record");
        }
        if (found.size() > 1) {
            List<String> lines = new ArrayList<>();
            lines.add(meant + ": " + found.size() + " records match; say more, or pick one by --id:");
            found.forEach(record -> lines.add("  " + record.getString("id") + "  " + record.getString("type") + "  "
                    + record.getString("content")));
            throw CommandException.of(lines);
        }
        return found.getFirst();
    }
}
