package io.anycastle.app.api;

import io.anycastle.core.model.Cidr;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.Maintenance;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.Edit;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /zones/{id}/maintenance}: whether a zone's hosts are down for maintenance, and what their visitors are told then. */
final class MaintenanceCalls {
    private static final List<String> FIELDS =
            List.of(Maintenance.ON, Maintenance.HTML, Maintenance.RETRY_AFTER, Maintenance.ALLOWED);

    private final Changes changes;
    private final SitePageRules rules;
    private final Duration retryAfter;

    /** @param retryAfter what a zone has that says none */
    MaintenanceCalls(Changes changes, SitePageRules rules, Duration retryAfter) {
        this.changes = changes;
        this.rules = rules;
        this.retryAfter = retryAfter;
    }

    ApiReply read(Call call) {
        ZoneState zone = changes.zone(call);
        String etag = ZoneVersion.etag(zone.zone().version());
        return new ApiReply.Result(json(zone), Map.of("ETag", etag));
    }

    /** Changes the fields that the body names, all of them or, with every mistake told, none; null takes what one says back. */
    ApiReply change(Call call) {
        return changes.rework(call, zone -> call.body().all(body -> edits(zone, body)), this::json);
    }

    /** Takes everything back. */
    ApiReply reset(Call call) {
        return changes.rework(
                call,
                zone -> zone.document(Maintenance.KEY).isPresent()
                        ? List.of(new Edit.DeleteDocument(Maintenance.KEY))
                        : List.of(),
                this::json);
    }

    private List<Edit> edits(ZoneState zone, Body wanted) {
        wanted.only(FIELDS);
        JsonObject stored = stored(zone);
        JsonObject into = stored.copy();
        put(wanted, into, Maintenance.ON, wanted.flag(Maintenance.ON).orElse(null));
        put(wanted, into, Maintenance.HTML, rules.page(wanted, Maintenance.HTML).orElse(null));
        put(wanted, into, Maintenance.RETRY_AFTER, seconds(wanted).orElse(null));
        put(wanted, into, Maintenance.ALLOWED, networks(wanted).orElse(null));
        return into.equals(stored) ? List.of() : List.of(new Edit.PutDocument(Maintenance.KEY, into.encode()));
    }

    private static JsonObject stored(ZoneState zone) {
        return zone.document(Maintenance.KEY)
                .flatMap(Document::json)
                .map(JsonObject::new)
                .orElseGet(JsonObject::new);
    }

    private static void put(Body wanted, JsonObject into, String field, @Nullable Object value) {
        if (wanted.isNull(field)) {
            into.remove(field);
        } else if (value != null) {
            into.put(field, value);
        }
    }

    private static Optional<Integer> seconds(Body wanted) {
        Optional<Integer> seconds = wanted.wholeNumber(Maintenance.RETRY_AFTER);
        if (seconds.filter(s -> s < 1 || s > Maintenance.RETRY_AFTER_MAX).isPresent()) {
            wanted.mistake(
                    Maintenance.RETRY_AFTER,
                    "expected a whole number of seconds from 1 to " + Maintenance.RETRY_AFTER_MAX);
        }
        return seconds;
    }

    private static Optional<JsonArray> networks(Body wanted) {
        Optional<List<String>> networks = wanted.texts(Maintenance.ALLOWED);
        networks.ifPresent(list -> {
            if (list.size() > Maintenance.ALLOWED_MAX) {
                wanted.mistake(Maintenance.ALLOWED, "expected at most " + Maintenance.ALLOWED_MAX + " networks");
            }
            for (int i = 0; i < list.size(); i++) {
                checkNetwork(wanted, i, list.get(i));
            }
        });
        return networks.map(JsonArray::new);
    }

    private static void checkNetwork(Body wanted, int at, String network) {
        try {
            Cidr.of(network);
        } catch (IllegalArgumentException e) {
            wanted.mistake(Maintenance.ALLOWED + "." + at, String.valueOf(e.getMessage()));
        }
    }

    private JsonObject json(ZoneState zone) {
        JsonObject stored = stored(zone);
        return new JsonObject()
                .put(Maintenance.ON, stored.getBoolean(Maintenance.ON, false))
                .put(Maintenance.HTML, stored.getString(Maintenance.HTML))
                .put(Maintenance.RETRY_AFTER, stored.getInteger(Maintenance.RETRY_AFTER, (int) retryAfter.toSeconds()))
                .put(Maintenance.ALLOWED, stored.getJsonArray(Maintenance.ALLOWED, new JsonArray()))
                .put("modified_on", RecordJson.time(zone.document(Maintenance.KEY)));
    }
}
