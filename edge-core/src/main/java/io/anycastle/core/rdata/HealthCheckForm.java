package io.anycastle.core.rdata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.anycastle.core.model.HealthCheck;
import io.anycastle.core.model.StatusCodes;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Brings what is wanted of an origin's health check into its stored form: what differs from the defaults, its type first. */
final class HealthCheckForm {
    private static final int PATH_CHARS_MAX = 1_024;
    private static final int BODY_CHARS_MAX = 256;
    /** Of a target in origin form (RFC 9112 section 3.2.1). */
    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x22\\x24-\\x7e]*");

    private static final Set<String> FIELDS = Set.of(
            HealthCheck.TYPE,
            HealthCheck.METHOD,
            HealthCheck.PATH,
            HealthCheck.PORT,
            HealthCheck.HOST,
            HealthCheck.CODES,
            HealthCheck.BODY,
            HealthCheck.INTERVAL,
            HealthCheck.TIMEOUT,
            HealthCheck.RETRIES);
    private static final Set<String> OF_TCP =
            Set.of(HealthCheck.TYPE, HealthCheck.PORT, HealthCheck.INTERVAL, HealthCheck.TIMEOUT, HealthCheck.RETRIES);
    private static final String TYPES =
            Stream.of(HealthCheck.Type.values()).map(HealthCheck.Type::text).collect(Collectors.joining(", "));

    private final String place;
    private final OriginParser.Values values;

    /** @param place the field that holds it */
    HealthCheckForm(String place, OriginParser.Values values) {
        this.place = place;
        this.values = values;
    }

    Optional<JsonNode> read(JsonNode wanted) {
        Optional<HealthCheck.Type> type =
                HealthCheck.Type.named(wanted.path(HealthCheck.TYPE).asText(""));
        if (!wanted.isObject() || type.isEmpty()) {
            return wanted.isObject()
                    ? values.refuse(at(HealthCheck.TYPE), wanted.path(HealthCheck.TYPE), "expected one of " + TYPES)
                    : values.refuse(
                            place, wanted, "expected an object with type, and where they differ path and so on");
        }
        ObjectNode stored = JsonNodeFactory.instance.objectNode();
        stored.put(HealthCheck.TYPE, type.get().text());
        Set<String> fitting = fitting(type.get());
        wanted.properties().forEach(field -> {
            if (!FIELDS.contains(field.getKey())) {
                values.refuse(at(field.getKey()), field.getValue(), "no such field");
            } else if (!fitting.contains(field.getKey())) {
                values.refuse(
                        at(field.getKey()),
                        field.getValue(),
                        "a check of type " + type.get().text() + " has no such field");
            }
        });
        for (String field : FIELDS.stream().sorted().toList()) {
            if (fitting.contains(field) && !field.equals(HealthCheck.TYPE) && wanted.hasNonNull(field)) {
                value(field, wanted.path(field)).ifPresent(value -> stored.set(field, value));
            }
        }
        return Optional.of(stored);
    }

    private static Set<String> fitting(HealthCheck.Type type) {
        return switch (type) {
            case HTTP, HTTPS, H2C -> FIELDS;
            case TCP -> OF_TCP;
            case NONE -> Set.of(HealthCheck.TYPE);
        };
    }

    private Optional<? extends JsonNode> value(String field, JsonNode value) {
        return switch (field) {
            case HealthCheck.METHOD -> method(value);
            case HealthCheck.PATH -> path(value);
            case HealthCheck.PORT -> values.number(at(field), value, 1, 65_535);
            case HealthCheck.HOST -> values.host(at(field), value);
            case HealthCheck.CODES -> codes(value);
            case HealthCheck.BODY -> body(value);
            case HealthCheck.INTERVAL -> values.number(at(field), value, 1, HealthCheck.INTERVAL_MAX);
            case HealthCheck.TIMEOUT -> values.number(at(field), value, 1, HealthCheck.TIMEOUT_MAX);
            default -> values.number(at(field), value, 0, HealthCheck.RETRIES_MAX);
        };
    }

    private Optional<JsonNode> method(JsonNode value) {
        String method = value.asText("").toUpperCase(java.util.Locale.ROOT);
        return method.equals("GET") || method.equals("HEAD")
                ? Optional.of(TextNode.valueOf(method))
                : values.refuse(at(HealthCheck.METHOD), value, "expected GET or HEAD");
    }

    private Optional<JsonNode> path(JsonNode value) {
        return value.isTextual()
                        && value.textValue().length() <= PATH_CHARS_MAX
                        && PATH.matcher(value.textValue()).matches()
                ? Optional.of(value)
                : values.refuse(
                        at(HealthCheck.PATH),
                        value,
                        "expected a path like /health, of at most " + PATH_CHARS_MAX + " characters");
    }

    private Optional<JsonNode> codes(JsonNode value) {
        Optional<JsonNode> codes = StatusCodes.parse(value.asText("")).map(parsed -> TextNode.valueOf(parsed.text()));
        return codes.isPresent()
                ? codes
                : values.refuse(at(HealthCheck.CODES), value, "expected " + StatusCodes.EXPECTED);
    }

    private Optional<JsonNode> body(JsonNode value) {
        return value.isTextual() && value.textValue().length() <= BODY_CHARS_MAX
                ? Optional.of(value)
                : values.refuse(
                        at(HealthCheck.BODY), value, "expected a text of at most " + BODY_CHARS_MAX + " characters");
    }

    private String at(String field) {
        return place + "." + field;
    }
}
