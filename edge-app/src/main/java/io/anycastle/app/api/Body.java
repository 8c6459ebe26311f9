package io.anycastle.app.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A JSON object from a client: null is absent, whole numbers may come as 300.0, unknown fields are ignored. */
record Body(JsonObject json) {
    static Body parse(Buffer bytes) {
        if (bytes.length() == 0) {
            return new Body(new JsonObject());
        }
        try {
            return new Body(new JsonObject(bytes));
        } catch (DecodeException | ClassCastException e) {
            throw new Refusal(ApiError.of(400, 6007, "Malformed JSON in request body"));
        }
    }

    boolean has(String field) {
        return json.getValue(field) != null;
    }

    Optional<String> text(String field) {
        Object value = json.getValue(field);
        return switch (value) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            case Number number -> Optional.of(number.toString());
            default -> throw wrong(field, "a text", value);
        };
    }

    String requiredText(String field) {
        return text(field).orElseThrow(() -> new Refusal(ApiError.invalid(field, "is required")));
    }

    Optional<Boolean> flag(String field) {
        Object value = json.getValue(field);
        return switch (value) {
            case null -> Optional.empty();
            case Boolean flag -> Optional.of(flag);
            default -> throw wrong(field, "true or false", value);
        };
    }

    Optional<Integer> wholeNumber(String field) {
        Object value = json.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        OptionalInt number = value instanceof Number n ? whole(n) : OptionalInt.empty();
        if (number.isEmpty()) {
            throw wrong(field, "a whole number", value);
        }
        return Optional.of(number.getAsInt());
    }

    private static OptionalInt whole(Number number) {
        try {
            return OptionalInt.of(new BigDecimal(number.toString()).intValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    Optional<Body> object(String field) {
        Object value = json.getValue(field);
        return switch (value) {
            case null -> Optional.empty();
            case JsonObject object -> Optional.of(new Body(object));
            default -> throw wrong(field, "an object", value);
        };
    }

    Optional<List<String>> texts(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (Object item : array(field)) {
            if (!(item instanceof String text)) {
                throw wrong(field, "a list of texts", item);
            }
            texts.add(text);
        }
        return Optional.of(texts);
    }

    /** The objects of a list; none when it is absent. */
    List<Body> objects(String field) {
        List<Body> objects = new ArrayList<>();
        if (has(field)) {
            for (Object item : array(field)) {
                if (!(item instanceof JsonObject object)) {
                    throw wrong(field, "a list of objects", item);
                }
                objects.add(new Body(object));
            }
        }
        return objects;
    }

    private JsonArray array(String field) {
        Object value = json.getValue(field);
        if (value instanceof JsonArray array) {
            return array;
        }
        throw wrong(field, "a list", value);
    }

    /** The scalar fields of this object; floats that are whole become Integer. */
    Map<String, Object> scalars() {
        Map<String, Object> scalars = new LinkedHashMap<>();
        for (String field : json.fieldNames()) {
            Object value = json.getValue(field);
            switch (value) {
                case String text -> scalars.put(field, text);
                case Boolean flag -> scalars.put(field, flag);
                case Number number -> {
                    OptionalInt whole = whole(number);
                    scalars.put(field, whole.isPresent() ? (Object) whole.getAsInt() : number);
                }
                case null, default -> {}
            }
        }
        return scalars;
    }

    private static Refusal wrong(String field, String expected, @Nullable Object value) {
        String found =
                value instanceof JsonObject ? "an object" : value instanceof JsonArray ? "a list" : "'" + value + "'";
        return new Refusal(ApiError.invalid(field, "expected " + expected + ", found " + found));
    }
}
