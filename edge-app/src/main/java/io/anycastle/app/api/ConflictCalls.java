package io.anycastle.app.api;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.store.ConflictEdits;
import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.state.Conflict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;

/** The calls below {@code /edge/conflicts}: what lost when parts of a cut cluster were merged. */
final class ConflictCalls {
    private final EdgeStore store;
    private final Changes changes;

    ConflictCalls(EdgeStore store, Changes changes) {
        this.store = store;
        this.changes = changes;
    }

    ApiReply list(Call call) {
        JsonArray conflicts = new JsonArray();
        store.conflicts().forEach((zone, lost) -> lost.forEach(conflict -> conflicts.add(json(zone, conflict))));
        return new ApiReply.Result(conflicts, Map.of());
    }

    /** Puts what lost in the place of what won. */
    ApiReply again(Call call) {
        Found found = find(call);
        ChangeSet change = ConflictEdits.again(found.zone, changes.view().zone(found.zone), found.conflict);
        return changes.apply(change, applied -> json(found.zone, found.conflict));
    }

    /** Takes it off the list. */
    ApiReply dismiss(Call call) {
        Found found = find(call);
        return changes.apply(
                ChangeSet.of(found.zone, new Edit.SettleConflict(found.conflict.id())),
                applied -> new JsonObject().put("id", found.conflict.id()));
    }

    private record Found(DomainName zone, Conflict conflict) {}

    private Found find(Call call) {
        String id = call.pathParameter("conflict");
        return store.conflicts().entrySet().stream()
                .flatMap(zone -> zone.getValue().stream().map(c -> new Found(zone.getKey(), c)))
                .filter(found -> found.conflict.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ApiException(ApiError.of(404, 10601, "There is no such conflict.")));
    }

    private static JsonObject json(DomainName zone, Conflict conflict) {
        JsonObject json = new JsonObject()
                .put("id", conflict.id())
                .put("zone", zone.toString())
                .put("kind", kind(conflict.lost()))
                .put("merged_on", time(conflict.merged()))
                .put("lost_node", conflict.lost().stamp().nodeId())
                .put("lost_on", time(conflict.lost().stamp()))
                .put("won_node", conflict.winner().nodeId())
                .put("won_on", time(conflict.winner()));
        switch (conflict.lost()) {
            case Conflict.Name name -> {
                JsonArray records = new JsonArray();
                name.records().records().forEach(record -> records.add(RecordJson.of(record)));
                json.put("name", name.records().name().toString()).put("records", records);
            }
            case Conflict.Text text -> json.put("document", text.document().key());
            case Conflict.Settings settings -> json.put("settings", ZoneJson.of(settings.zone()));
            case Conflict.Deletion ignored -> json.put("deleted", true);
        }
        return json;
    }

    private static String kind(Conflict.Lost lost) {
        return switch (lost) {
            case Conflict.Name name -> name.records().isTombstone() ? "name_deletion" : "records";
            case Conflict.Text ignored -> "document";
            case Conflict.Settings ignored -> "zone_settings";
            case Conflict.Deletion ignored -> "zone_deletion";
        };
    }

    private static String time(Stamp stamp) {
        return RecordJson.time(Instant.ofEpochMilli(stamp.millis()));
    }
}
