package io.anycastle.app.api;

import io.anycastle.app.api.ApiError.Detail;
import io.anycastle.app.config.Nearest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object from a client: null is absent, whole numbers may come as 300.0, unknown fields are ignored unless the call asks for
 * {@link #only} known ones. What has the wrong type ends the call at once, or inside {@link #all} together with all other such fields.
 * One thread.
 *
 * @param at leads the names of fields in messages; empty or ends with a dot
 * @param mistakes those of the whole body
 * @param tellsLater whether a mistake reads as an absent field until {@link #all} tells it
 */
record Body(JsonObject json, String at, List<Detail> mistakes, boolean tellsLater) {
    static Body parse(Buffer bytes) {
        if (bytes.length() == 0) {
            return of(new JsonObject());
        }
        try {
            return of(new JsonObject(bytes));
        } catch (DecodeException | ClassCastException e) {
            throw new ApiException(ApiError.of(400, 6007, "Malformed JSON in request body"));
        }
    }

    private static Body of(JsonObject json) {
        return new Body(json, "", new ArrayList<>(), false);
    }

    /** Reads several fields; when any of them is wrong, the call ends with all that are. */
    <T> T all(Function<Body, T> read) {
        Body lenient = new Body(json, at, new ArrayList<>(), true);
        T value = read.apply(lenient);
        lenient.tell();
        return value;
    }

    private void tell() {
        if (!mistakes.isEmpty()) {
            throw new ApiException(new ApiError(400, List.copyOf(mistakes), Map.of()));
        }
    }

    boolean has(String field) {
        return json.getValue(field) != null;
    }

    /** Whether the client said that the field is to have no value, where leaving it out means that it stays as it is. */
    boolean isNull(String field) {
        return json.containsKey(field) && !has(field);
    }

    Optional<String> text(String field) {
        Object value = json.getValue(field);
        return switch (value) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            case Number number -> Optional.of(number.toString());
            default -> wrong(field, "a text", value);
        };
    }

    /** That the field is missing is a mistake; that it is null is none. */
    void requireField(String field) {
        if (!json.containsKey(field)) {
            mistake(field, "is required");
        }
    }

    /** Empty where it is missing, which is a mistake. */
    String requiredText(String field) {
        if (!has(field)) {
            mistake(field, "is required");
        }
        return text(field).orElse("");
    }

    Optional<Boolean> flag(String field) {
        Object value = json.getValue(field);
        return switch (value) {
            case null -> Optional.empty();
            case Boolean flag -> Optional.of(flag);
            default -> wrong(field, "true or false", value);
        };
    }

    Optional<Integer> wholeNumber(String field) {
        Object value = json.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        OptionalInt number = value instanceof Number n ? whole(n) : OptionalInt.empty();
        return number.isPresent() ? Optional.of(number.getAsInt()) : wrong(field, "a whole number", value);
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
            case JsonObject object -> Optional.of(new Body(object, at + field + ".", mistakes, tellsLater));
            default -> wrong(field, "an object", value);
        };
    }

    Optional<List<String>> texts(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (Object item : array(field, "a list of texts")) {
            if (!(item instanceof String text)) {
                return wrong(field, "a list of texts", item);
            }
            texts.add(text);
        }
        return Optional.of(texts);
    }

    /** The objects of a list, whose mistakes are named by their place in it; none when it is absent. */
    List<Body> objects(String field) {
        List<Body> objects = new ArrayList<>();
        if (has(field)) {
            JsonArray items = array(field, "a list of objects");
            for (int i = 0; i < items.size(); i++) {
                Object item = items.getValue(i);
                if (item instanceof JsonObject object) {
                    objects.add(new Body(object, at + field + "." + i + ".", mistakes, tellsLater));
                } else {
                    wrong(field, "a list of objects", item);
                }
            }
        }
        return objects;
    }

    private JsonArray array(String field, String expected) {
        Object value = json.getValue(field);
        if (value instanceof JsonArray array) {
            return array;
        }
        wrong(field, expected, value);
        return new JsonArray();
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

    private <T> Optional<T> wrong(String field, String expected, @Nullable Object value) {
        String found =
                value instanceof JsonObject ? "an object" : value instanceof JsonArray ? "a list" : "'" + value + "'";
        mistake(field, "expected " + expected + ", found " + found);
        return Optional.empty();
    }

    /** Every field that is none of these is a mistake. */
    void only(Collection<String> known) {
        for (String field : json.fieldNames()) {
            if (!known.contains(field)) {
                mistake(field, "no such field" + Nearest.hint(field, known));
            }
        }
    }

    /** A field has a value that breaks a rule: told as one of the wrong type is. */
    void mistake(String field, String rule) {
        mistakes.addAll(ApiError.invalid(at + field, rule).details());
        if (!tellsLater) {
            tell();
        }
    }
}
