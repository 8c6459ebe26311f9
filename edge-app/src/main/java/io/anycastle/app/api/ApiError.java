package io.anycastle.app.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * Why a call is refused, as the client reads it.
 *
 * @param status the HTTP status; never 409, which some clients retry
 * @param details at least one; the first is what most clients look at
 * @param headers beside the usual ones
 */
record ApiError(int status, List<Detail> details, Map<String, String> headers) {
    ApiError {
        details = List.copyOf(details);
        headers = Map.copyOf(headers);
    }

    /**
     * One entry of {@code errors}.
     *
     * @param chain what lies behind it; may be empty
     * @param pointer the JSON pointer of the field at fault; empty when there is none
     * @param line in an uploaded file, from 1; 0 when there is none
     */
    record Detail(int code, String message, List<Detail> chain, String pointer, int line) {
        Detail(int code, String message) {
            this(code, message, List.of(), "", 0);
        }

        Detail(int code, String message, List<Detail> chain, String pointer) {
            this(code, message, chain, pointer, 0);
        }

        Detail atLine(int number) {
            return new Detail(code, message, chain, "/file", number);
        }

        JsonObject json() {
            JsonObject json = new JsonObject().put("code", code).put("message", message);
            if (!chain.isEmpty()) {
                JsonArray links = new JsonArray();
                chain.forEach(link ->
                        links.add(new JsonObject().put("code", link.code).put("message", link.message)));
                json.put("error_chain", links);
            }
            if (!pointer.isEmpty()) {
                JsonObject source = new JsonObject().put("pointer", pointer);
                json.put("source", line == 0 ? source : source.put("line", line));
            }
            return json;
        }
    }

    static ApiError of(int status, int code, String message) {
        return new ApiError(status, List.of(new Detail(code, message)), Map.of());
    }

    /** A request that breaks a rule of its own, not of the records. */
    static ApiError invalid(String field, String rule) {
        Detail link = new Detail(9100, field + ": " + rule);
        return new ApiError(
                400, List.of(new Detail(1004, "DNS Validation Error", List.of(link), pointer(field))), Map.of());
    }

    static ApiError notRouted(String path) {
        return new ApiError(
                404,
                List.of(
                        new Detail(7003, "Could not route to " + path + ", perhaps your object identifier is invalid?"),
                        new Detail(7000, "No route for that URI")),
                Map.of());
    }

    static ApiError tooManyAttempts(int retryAfterSeconds) {
        return new ApiError(
                429,
                List.of(new Detail(971, "Please wait and consider throttling your request speed")),
                Map.of("Retry-After", String.valueOf(retryAfterSeconds)));
    }

    /** {@code data.port} is {@code /data/port}. */
    static String pointer(String field) {
        return field.isEmpty() ? "" : "/" + field.replace('.', '/');
    }
}
