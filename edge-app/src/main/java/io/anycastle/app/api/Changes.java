package io.anycastle.app.api;

import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.view.EdgeView;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The store as the API's calls see it: reads from the view, changes with an answer for every outcome. */
final class Changes {
    /** On how many nodes' disks an accepted change lies. */
    static final String DISKS_HEADER = "Anycastle-Disks";

    private static final int RACES_MAX = 20;

    private final EdgeStore store;
    private final Duration writeTimeout;

    /** @param writeTimeout after which nothing is worked out anew */
    Changes(EdgeStore store, Duration writeTimeout) {
        this.store = store;
        this.writeTimeout = writeTimeout;
    }

    EdgeView view() {
        return store.view().get();
    }

    /** The zone that the route's {@code zone} names. */
    ZoneState zone(Call call) {
        return Ids.parse(call.pathParameter("zone"))
                .flatMap(id -> view().zoneById(id))
                .orElseThrow(
                        () -> new ApiException(ApiError.notRouted(call.path().substring("/client/v4".length()))));
    }

    /** Applies a change whose errors need no place in the request. */
    ApiReply apply(ChangeSet change, Function<ChangeOutcome.Applied, JsonObject> result) {
        return apply(change, edit -> "", result);
    }

    /** @param at where in the request each edit stands, as the front of a JSON pointer */
    ApiReply apply(ChangeSet change, IntFunction<String> at, Function<ChangeOutcome.Applied, JsonObject> result) {
        return applyTelling(
                change,
                applied -> done(result.apply(applied), applied, ChangeMessages.of(change, applied, at)),
                invalid -> new ApiReply.Failed(ChangeErrors.invalid(invalid.errors(), at)));
    }

    /** @param refused answers for a change set that breaks rules */
    ApiReply applyOr(
            ChangeSet change,
            Function<ChangeOutcome.Applied, JsonObject> result,
            Function<ChangeOutcome.Invalid, ApiReply> refused) {
        return answer(store.apply(change), applied -> done(result.apply(applied), applied, List.of()), refused);
    }

    /**
     * Applies a change that may leave something to be said although it succeeds.
     *
     * @param done answers for what was applied; {@link #done} makes such answers
     */
    ApiReply applyTelling(
            ChangeSet change,
            Function<ChangeOutcome.Applied, ApiReply> done,
            Function<ChangeOutcome.Invalid, ApiReply> refused) {
        return answer(store.apply(change), done, refused);
    }

    static ApiReply done(Object result, ChangeOutcome.Applied applied, List<ApiError.Detail> messages) {
        return new ApiReply.Result(result, headers(applied), messages);
    }

    /**
     * Changes the route's zone by edits that follow from how it is. They are written on the version that they were worked out on, and
     * worked out anew where another change came first. A version that the client demands must be the one that is here: what another node
     * has yet to tell cannot be built on.
     *
     * @param edits of the zone as it was read; none leave it as it is
     * @param result of the zone as it is then
     */
    ApiReply rework(Call call, Function<ZoneState, List<Edit>> edits, Function<ZoneState, ?> result) {
        OptionalLong demanded = ZoneVersion.expected(call.header("If-Match"));
        ZoneState zone = zone(call);
        long until = System.nanoTime() + writeTimeout.toNanos();
        for (int race = 0; race < RACES_MAX && System.nanoTime() - until < 0; race++, zone = zone(call)) {
            long version = zone.zone().version();
            if (demanded.isPresent() && demanded.getAsLong() != version) {
                return new ApiReply.Failed(ChangeErrors.conflict(new ChangeOutcome.VersionConflict(version)));
            }
            List<Edit> wanted = edits.apply(zone);
            if (wanted.isEmpty()) {
                return new ApiReply.Result(result.apply(zone), Map.of("ETag", ZoneVersion.etag(version)));
            }
            ChangeOutcome outcome = store.apply(new ChangeSet(zone.zone().name(), OptionalLong.of(version), wanted));
            if (!(outcome instanceof ChangeOutcome.VersionConflict)) {
                return answer(
                        outcome,
                        applied -> done(result.apply(applied.state()), applied, List.of()),
                        invalid -> new ApiReply.Failed(ChangeErrors.invalid(invalid.errors(), edit -> "")));
            }
        }
        String reason = "the zone " + zone.zone().name() + " is written too often by others";
        return new ApiReply.Failed(ChangeErrors.unavailable(new ChangeOutcome.Unavailable(reason)));
    }

    private static ApiReply answer(
            ChangeOutcome outcome,
            Function<ChangeOutcome.Applied, ApiReply> done,
            Function<ChangeOutcome.Invalid, ApiReply> refused) {
        return switch (outcome) {
            case ChangeOutcome.Applied applied -> done.apply(applied);
            case ChangeOutcome.Invalid invalid -> refused.apply(invalid);
            case ChangeOutcome.VersionConflict conflict -> new ApiReply.Failed(ChangeErrors.conflict(conflict));
            case ChangeOutcome.Unavailable unavailable -> new ApiReply.Failed(ChangeErrors.unavailable(unavailable));
            case ChangeOutcome.Unknown unknown -> new ApiReply.Failed(ChangeErrors.unknown(unknown));
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
