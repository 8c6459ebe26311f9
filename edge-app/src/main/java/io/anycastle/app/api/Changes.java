package io.anycastle.app.api;

import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.ChangeOutcome;
import io.anycastle.core.store.ChangeSet;
import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.view.EdgeView;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The store as the API's calls see it: reads from the view, changes with an answer for every outcome. */
final class Changes {
    /** On how many nodes' disks an accepted change lies. */
    static final String DISKS_HEADER = "Anycastle-Disks";

    private final EdgeStore store;

    Changes(EdgeStore store) {
        this.store = store;
    }

    EdgeView view() {
        return store.view().get();
    }

    /** The zone that the route's {@code zone} names. */
    ZoneState zone(Call call) {
        return Ids.parse(call.pathParameter("zone"))
                .flatMap(id -> view().zoneById(id))
                .orElseThrow(() -> new Refusal(ApiError.notRouted(call.path().substring("/client/v4".length()))));
    }

    /** Applies a change whose errors need no place in the request. */
    Reply apply(ChangeSet change, Function<ChangeOutcome.Applied, JsonObject> result) {
        return apply(change, edit -> "", result);
    }

    /** @param at where in the request each edit stands, as the front of a JSON pointer */
    Reply apply(ChangeSet change, IntFunction<String> at, Function<ChangeOutcome.Applied, JsonObject> result) {
        return applyOr(change, result, invalid -> new Reply.Failed(ChangeErrors.invalid(invalid.errors(), at)));
    }

    /** @param refused answers for a change set that breaks rules */
    Reply applyOr(
            ChangeSet change,
            Function<ChangeOutcome.Applied, JsonObject> result,
            Function<ChangeOutcome.Invalid, Reply> refused) {
        return switch (store.apply(change)) {
            case ChangeOutcome.Applied applied -> new Reply.Result(result.apply(applied), headers(applied));
            case ChangeOutcome.Invalid invalid -> refused.apply(invalid);
            case ChangeOutcome.VersionConflict conflict -> new Reply.Failed(ChangeErrors.conflict(conflict));
            case ChangeOutcome.Unavailable unavailable -> new Reply.Failed(ChangeErrors.unavailable(unavailable));
            case ChangeOutcome.Unknown unknown -> new Reply.Failed(ChangeErrors.unknown(unknown));
        };
    }

    private static Map<String, String> headers(ChangeOutcome.Applied applied) {
        return Map.of(
                "ETag",
                ZoneVersion.etag(applied.state().zone().version()),
                DISKS_HEADER,
                String.valueOf(applied.disks()));
    }
}
