package io.anycastle.app.api;

import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** Many edits of one zone in one change set: deletes, patches, puts, posts; all or none. */
final class BatchCall {
    private static final List<String> ORDER = List.of("deletes", "patches", "puts", "posts");

    private final Changes changes;

    BatchCall(Changes changes) {
        this.changes = changes;
    }

    ApiReply batch(Call call) {
        ZoneState zone = changes.zone(call);
        List<String> places = new ArrayList<>();
        List<Edit> edits = call.body().all(body -> edits(body, places));
        if (edits.isEmpty()) {
            return ApiReply.of(answer(places, List.of()));
        }
        OptionalLong expected = ZoneVersion.expected(call.header("If-Match"));
        return changes.apply(
                new ChangeSet(zone.zone().name(), expected, edits),
                places::get,
                applied -> answer(places, records(applied)));
    }

    /** @param places takes where in the batch each edit stands */
    private static List<Edit> edits(Body body, List<String> places) {
        List<Edit> edits = new ArrayList<>();
        for (String list : ORDER) {
            List<Body> items = body.objects(list);
            for (int i = 0; i < items.size(); i++) {
                edits.add(reader(list).apply(items.get(i)));
                places.add("/" + list + "/" + i);
            }
        }
        return edits;
    }

    private static Function<Body, Edit> reader(String list) {
        return switch (list) {
            case "deletes" -> item -> new Edit.DeleteRecord(id(item));
            case "patches" -> item -> new Edit.PatchRecord(id(item), RecordRequests.readPatch(item));
            case "puts" -> item -> new Edit.ReplaceRecord(id(item), RecordRequests.readDraft(item));
            default -> item -> new Edit.CreateRecord(RecordRequests.readDraft(item));
        };
    }

    private static String id(Body item) {
        String spelled = item.requiredText("id");
        return Ids.parse(spelled).orElse(spelled);
    }

    private static List<JsonObject> records(ChangeOutcome.Applied applied) {
        return applied.records().stream()
                .map(record -> RecordJson.of(record.orElseThrow()))
                .toList();
    }

    private static JsonObject answer(List<String> places, List<JsonObject> records) {
        JsonObject answer = new JsonObject();
        for (String list : ORDER) {
            JsonArray items = new JsonArray();
            for (int i = 0; i < records.size(); i++) {
                if (places.get(i).startsWith("/" + list + "/")) {
                    items.add(records.get(i));
                }
            }
            answer.put(list, items);
        }
        return answer;
    }
}
