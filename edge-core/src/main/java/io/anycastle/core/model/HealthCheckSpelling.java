package io.anycastle.core.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A health check as people write it: {@code https/health}, {@code tcp:5432}, {@code http:8080/up;codes=2xx;body=ok;interval=10}. Values
 * behind an equals sign are percent-encoded where they need it.
 */
public final class HealthCheckSpelling {
    private static final Pattern FRONT = Pattern.compile("(?<type>[^:/;]*)(?::(?<port>[0-9]{1,9}))?(?<path>/[^;]*)?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    /** The words of the options, and the fields that they stand for. */
    private static final Map<String, String> WORDS = words();

    private HealthCheckSpelling() {}

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("method", HealthCheck.METHOD);
        words.put("host", HealthCheck.HOST);
        words.put("codes", HealthCheck.CODES);
        words.put("body", HealthCheck.BODY);
        words.put("interval", HealthCheck.INTERVAL);
        words.put("timeout", HealthCheck.TIMEOUT);
        words.put("retries", HealthCheck.RETRIES);
        return words;
    }

    /** The object that the API has for it, its parts not yet checked. */
    public static ObjectNode read(String text) {
        String[] parts = text.split(";", -1);
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        Matcher front = FRONT.matcher(parts[0]);
        if (!front.matches()) {
            return fields.put(HealthCheck.TYPE, parts[0]);
        }
        fields.put(HealthCheck.TYPE, front.group("type"));
        if (front.group("port") != null) {
            fields.put(HealthCheck.PORT, Integer.parseInt(front.group("port")));
        }
        if (front.group("path") != null) {
            fields.put(HealthCheck.PATH, front.group("path"));
        }
        for (int i = 1; i < parts.length; i++) {
            option(fields, parts[i]);
        }
        return fields;
    }

    /** A word that there is none of stays as it is, so that it is told of as a field that there is none of. */
    private static void option(ObjectNode fields, String text) {
        int equals = text.indexOf('=');
        String word = equals < 0 ? text : text.substring(0, equals);
        String value = equals < 0 ? "" : decoded(text.substring(equals + 1));
        String field = WORDS.getOrDefault(word, word);
        if (NUMBER.matcher(value).matches() && isNumber(field)) {
            fields.put(field, Integer.parseInt(value));
        } else {
            fields.put(field, value);
        }
    }

    private static boolean isNumber(String field) {
        return switch (field) {
            case HealthCheck.INTERVAL, HealthCheck.TIMEOUT, HealthCheck.RETRIES -> true;
            default -> false;
        };
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value; // as it stands
        }
    }

    /** The other way round, of an object in its stored form. */
    public static String write(JsonNode fields) {
        StringBuilder text = new StringBuilder(fields.path(HealthCheck.TYPE).asText());
        if (fields.has(HealthCheck.PORT)) {
            text.append(':').append(fields.path(HealthCheck.PORT).asText());
        }
        text.append(fields.path(HealthCheck.PATH).asText(""));
        WORDS.forEach((word, field) -> {
            if (fields.has(field)) {
                text.append(';')
                        .append(word)
                        .append('=')
                        .append(encoded(fields.path(field).asText()));
            }
        });
        return text.toString();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":");
    }
}
