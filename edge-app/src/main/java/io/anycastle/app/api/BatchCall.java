package io.anycastle.app.api;

import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.ChangeOutcome;
import io.anycastle.core.store.ChangeSet;
import io.anycastle.core.store.Edit;
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

    Reply batch(Call call) {
        ZoneState zone = changes.zone(call);
        List<Edit> edits = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (String list : ORDER) {
            List<Body> items = call.body().objects(list);
            for (int i = 0; i < items.size(); i++) {
                String place = "/" + list + "/" + i;
                edits.add(read(items.get(i), place, reader(list)));
                places.add(place);
            }
        }
        if (edits.isEmpty()) {
            return Reply.of(answer(places, List.of()));
        }
        OptionalLong expected = ZoneVersion.expected(call.header("If-Match"));
        return changes.apply(
                new ChangeSet(zone.zone().name(), expected, edits),
                places::get,
                applied -> answer(places, records(applied)));
    }

    private static Function<Body, Edit> reader(String list) {
        return switch (list) {
            case "deletes" -> item -> new Edit.DeleteRecord(id(item));
            case "patches" -> item -> new Edit.PatchRecord(id(item), RecordRequests.patch(item));
            case "puts" -> item -> new Edit.ReplaceRecord(id(item), RecordRequests.draft(item));
            default -> item -> new Edit.CreateRecord(RecordRequests.draft(item));
        };
    }

    private static String id(Body item) {
        String spelled = item.requiredText("id");
        return Ids.parse(spelled).orElse(spelled);
    }

    /** Errors of an item say where in the batch it stands. */
    private static Edit read(Body item, String place, Function<Body, Edit> reader) {
        try {
            return reader.apply(item);
        } catch (Refusal refusal) {
            List<ApiError.Detail> placed = refusal.error().details().stream()
                    .map(d -> new ApiError.Detail(d.code(), d.message(), d.chain(), place + d.pointer()))
                    .toList();
            throw new Refusal(new ApiError(
                    refusal.error().status(), placed, refusal.error().headers()));
        }
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
