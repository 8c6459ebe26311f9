package io.anycastle.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the lists in the API's answers, and writes the fields of a change that the user has given. */
final class JsonFields {
    private JsonFields() {}

    /** The objects of a list; none where the field is missing. */
    static List<JsonObject> objects(JsonObject from, String field) {
        return items(from, field).map(JsonObject.class::cast).toList();
    }

    /** The items of a list as texts; none where the field is missing. */
    static List<String> texts(JsonObject from, String field) {
        return items(from, field).map(String::valueOf).toList();
    }

    private static Stream<Object> items(JsonObject from, String field) {
        JsonArray array = from.getJsonArray(field);
        return array == null ? Stream.empty() : array.stream();
    }

    /** Sets the field, unless there is no value: what nobody gave stays as it is on the node. */
    static void put(JsonObject change, String field, @Nullable Object value) {
        if (value != null) {
            change.put(field, value);
        }
    }
}
