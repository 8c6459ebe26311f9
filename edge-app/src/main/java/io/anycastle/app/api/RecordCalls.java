package io.anycastle.app.api;

import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The calls on single records and lists of them. */
final class RecordCalls {
    private static final int PER_PAGE = 100;
    private static final int PER_PAGE_MAX = 50_000;

    private final Changes changes;

    RecordCalls(Changes changes) {
        this.changes = changes;
    }

    ApiReply list(Call call) {
        List<Record> records = RecordFilter.select(changes.zone(call), call.query());
        return new ApiReply.Listed(
                Page.Wanted.of(call.query(), PER_PAGE, PER_PAGE_MAX).of(records, RecordJson::of));
    }

    ApiReply read(Call call) {
        ZoneState zone = changes.zone(call);
        return new ApiReply.Result(
                RecordJson.of(record(call, zone)),
                Map.of("ETag", ZoneVersion.etag(zone.zone().version())));
    }

    ApiReply create(Call call) {
        ZoneState zone = changes.zone(call);
        return edit(call, zone, new Edit.CreateRecord(RecordRequests.draft(call.body())));
    }

    ApiReply replace(Call call) {
        ZoneState zone = changes.zone(call);
        Record record = record(call, zone);
        return edit(call, zone, new Edit.ReplaceRecord(record.id(), RecordRequests.draft(call.body())));
    }

    ApiReply patch(Call call) {
        ZoneState zone = changes.zone(call);
        Record record = record(call, zone);
        return edit(call, zone, new Edit.PatchRecord(record.id(), RecordRequests.patch(call.body())));
    }

    ApiReply delete(Call call) {
        ZoneState zone = changes.zone(call);
        Record record = record(call, zone);
        return changes.apply(
                change(call, zone, new Edit.DeleteRecord(record.id())),
                applied -> new JsonObject().put("id", record.id()));
    }

    private static Record record(Call call, ZoneState zone) {
        return Ids.parse(call.pathParameter("record"))
                .flatMap(zone::record)
                .orElseThrow(() -> new ApiException(ApiError.of(404, 81044, "Record does not exist.")));
    }

    private ApiReply edit(Call call, ZoneState zone, Edit edit) {
        return changes.apply(change(call, zone, edit), RecordCalls::written);
    }

    private static ChangeSet change(Call call, ZoneState zone, Edit edit) {
        OptionalLong expected = ZoneVersion.expected(call.header("If-Match"));
        return new ChangeSet(zone.zone().name(), expected, List.of(edit));
    }

    private static JsonObject written(ChangeOutcome.Applied applied) {
        return RecordJson.of(applied.records().getFirst().orElseThrow());
    }
}
