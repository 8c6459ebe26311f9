package io.anycastle.app.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The JSON object around every answer of the admin API. */
final class Envelope {
    private Envelope() {}

    /** @param result a JsonObject, a JsonArray or null */
    static JsonObject of(@Nullable Object result) {
        return envelope(result, true, new JsonArray());
    }

    static JsonObject of(ApiError error) {
        JsonArray errors = new JsonArray();
        error.details().forEach(detail -> errors.add(detail.json()));
        return envelope(null, false, errors);
    }

    private static JsonObject envelope(@Nullable Object result, boolean isSuccess, JsonArray errors) {
        return new JsonObject()
                .put("result", result)
                .put("success", isSuccess)
                .put("errors", errors)
                .put("messages", new JsonArray());
    }
}
