package io.anycastle.app.cluster;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The form of the answers to a greeting and to a join request. */
final class Answers {
    private Answers() {}

    static JsonObject welcome() {
        return new JsonObject().put("ok", true);
    }

    static JsonObject refusal(String reason) {
        return new JsonObject().put("ok", false).put("reason", reason);
    }

    /** Why it is a no; empty when it is a yes. */
    static Optional<String> refusalIn(JsonObject answer) {
        return Boolean.TRUE.equals(answer.getValue("ok"))
                ? Optional.empty()
                : Optional.of(String.valueOf(answer.getValue("reason", "no reason given")));
    }

    static JsonObject documents(Map<String, String> documents) {
        JsonObject json = new JsonObject();
        documents.forEach(json::put);
        return json;
    }

    static Map<String, String> documents(JsonObject json) {
        Map<String, String> documents = new TreeMap<>();
        json.forEach(entry -> documents.put(entry.getKey(), String.valueOf(entry.getValue())));
        return documents;
    }
}
