package io.anycastle.core.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How it is found out whether an origin works, as far as it is said; what is not follows the node's settings.
 *
 * @param method of the request, GET or HEAD
 * @param path of the request, with a query where it has one
 * @param port 1 to 65535; empty is the origin's own
 * @param host the Host of the request; empty is what requests to the origin have
 * @param codes which statuses say that it works
 * @param body what the first part of the answer's body must contain; empty for anything
 * @param interval from one check to the next, seconds
 * @param timeout of one try, seconds
 * @param retries further tries, made at once, after one that failed
 */
public record HealthCheck(
        Type type,
        String method,
        String path,
        OptionalInt port,
        Optional<String> host,
        StatusCodes codes,
        String body,
        OptionalInt interval,
        OptionalInt timeout,
        OptionalInt retries) {
    /** What is asked. */
    public enum Type {
        HTTP,
        HTTPS,
        /** HTTP/2 without TLS. */
        H2C,
        /** Whether a connection comes about. */
        TCP,
        /** Nothing: what lies behind is switched off. */
        NONE;

        /** As the API has it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The other way round, in any case of letters. */
        public static Optional<Type> named(String text) {
            return Arrays.stream(values())
                    .filter(type -> type.text().equalsIgnoreCase(text))
                    .findFirst();
        }

        /** Whether a request is made. */
        public boolean isHttp() {
            return this == HTTP || this == HTTPS || this == H2C;
        }
    }

    /** The fields of its JSON object. */
    public static final String TYPE = "type";

    public static final String METHOD = "method";
    public static final String PATH = "path";
    public static final String PORT = "port";
    public static final String HOST = "host";
    public static final String CODES = "expected_codes";
    public static final String BODY = "expected_body";
    public static final String INTERVAL = "interval";
    public static final String TIMEOUT = "timeout";
    public static final String RETRIES = "retries";

    public static final int INTERVAL_MAX = 3_600;
    public static final int TIMEOUT_MAX = 60;
    public static final int RETRIES_MAX = 5;
    public static final String DEFAULT_METHOD = "GET";
    public static final String DEFAULT_PATH = "/";

    private static final int PORT_MAX = 65_535;

    /** That of a stored object; empty when it cannot be understood, as one of a newer version may not. */
    static Optional<HealthCheck> of(JsonNode fields) {
        Optional<Type> type = Type.named(fields.path(TYPE).asText(""));
        Optional<StatusCodes> codes = StatusCodes.parse(fields.path(CODES).asText(StatusCodes.SUCCESS.text()));
        if (!fields.isObject() || type.isEmpty() || codes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HealthCheck(
                type.get(),
                fields.path(METHOD).asText(DEFAULT_METHOD),
                fields.path(PATH).asText(DEFAULT_PATH),
                number(fields.path(PORT), PORT_MAX),
                Optional.of(fields.path(HOST)).filter(JsonNode::isTextual).map(JsonNode::textValue),
                codes.get(),
                fields.path(BODY).asText(""),
                number(fields.path(INTERVAL), INTERVAL_MAX),
                number(fields.path(TIMEOUT), TIMEOUT_MAX),
                number(fields.path(RETRIES), RETRIES_MAX)));
    }

    private static OptionalInt number(JsonNode value, int max) {
        return value.isInt() && value.intValue() >= 0 && value.intValue() <= max
                ? OptionalInt.of(value.intValue())
                : OptionalInt.empty();
    }
}
