package io.anycastle.app.cli;

import io.anycastle.core.model.OriginKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** How an origin is asked, in few words: {@code https, port 8443, 2 routes}. */
final class OriginText {
    private OriginText() {}

    /** Empty where nothing is said. */
    static String of(JsonObject settings) {
        List<String> words = new ArrayList<>();
        for (OriginKey key : OriginKey.values()) {
            Object value = settings.getValue(key.text());
            if (value != null) {
                words.add(word(key, value));
            }
        }
        return String.join(", ", words);
    }

    private static String word(OriginKey key, Object value) {
        return switch (key) {
            case PORT -> "port " + value;
            case SCHEME, BALANCE -> value.toString();
            case HOST -> "host " + value;
            case SNI -> "SNI " + value;
            case TLS_VERIFY -> Boolean.TRUE.equals(value) ? "verified" : "not verified";
            case CA -> "own CA";
            case ROUTES -> routes(value instanceof JsonArray list ? list.size() : 0);
            case WEIGHT -> "weight " + value;
            case FALLBACK -> "fallback " + (value instanceof JsonObject to ? to.getString("origin") : value);
            case PROXY_PROTOCOL -> "PROXY " + value;
            case HEALTH_CHECK -> value instanceof JsonObject check ? "check " + check.getString("type") : "check";
        };
    }

    private static String routes(int count) {
        return count == 1 ? "1 route" : count + " routes";
    }
}
