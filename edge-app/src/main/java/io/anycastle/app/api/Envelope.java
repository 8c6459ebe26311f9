package io.anycastle.app.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON object around every answer of the admin API. */
final class Envelope {
    private Envelope() {}

    /** @param result a JsonObject, a JsonArray or null */
    static JsonObject of(@Nullable Object result) {
        return of(result, List.of());
    }

    /** @param messages what else there is to say */
    static JsonObject of(@Nullable Object result, List<ApiError.Detail> messages) {
        return envelope(result, true, new JsonArray()).put("messages", json(messages));
    }

    static JsonObject of(ApiError error) {
        return envelope(null, false, json(error.details()));
    }

    private static JsonArray json(List<ApiError.Detail> details) {
        JsonArray json = new JsonArray();
        details.forEach(detail -> json.add(detail.json()));
        return json;
    }

    private static JsonObject envelope(@Nullable Object result, boolean isSuccess, JsonArray errors) {
        return new JsonObject()
                .put("result", result)
                .put("success", isSuccess)
                .put("errors", errors)
                .put("messages", new JsonArray());
    }
}
