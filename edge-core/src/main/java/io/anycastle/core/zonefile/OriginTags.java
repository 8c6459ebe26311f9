package io.anycastle.core.zonefile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.anycastle.core.model.HealthCheckSpelling;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.OriginRoute;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.RouteSpelling;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How an origin is asked, as tags of a record's comment: {@code edge-origin-port:8080}, {@code edge-route:/api=192.0.2.20}. Certificates
 * are a JSON string, which has no line breaks.
 */
final class OriginTags {
    private static final String FRONT = "edge-origin-";
    private static final String HEALTH_CHECK = "edge-health-check:";
    private static final String ROUTE = "edge-route:";
    private static final String NO_ROUTES = "none";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<OriginKey, JsonNode> wanted = new EnumMap<>(OriginKey.class);

    /** Whether the tag is one of these, and so no tag of the user's. */
    boolean take(String tag) {
        if (tag.startsWith(ROUTE)) {
            route(tag.substring(ROUTE.length()));
            return true;
        }
        if (tag.startsWith(HEALTH_CHECK)) {
            wanted.put(OriginKey.HEALTH_CHECK, HealthCheckSpelling.read(tag.substring(HEALTH_CHECK.length())));
            return true;
        }
        int colon = tag.indexOf(':');
        if (!tag.startsWith(FRONT) || colon < 0) {
            return false;
        }
        String name = tag.substring("edge-".length(), colon).replace('-', '_');
        var key = OriginKey.named(name);
        key.ifPresent(known -> wanted.put(known, value(known, tag.substring(colon + 1))));
        return key.isPresent();
    }

    private void route(String text) {
        ArrayNode routes =
                wanted.get(OriginKey.ROUTES) instanceof ArrayNode known ? known : JsonNodeFactory.instance.arrayNode();
        wanted.put(OriginKey.ROUTES, routes);
        if (!text.equals(NO_ROUTES)) {
            routes.add(RouteSpelling.read(text));
        }
    }

    private static JsonNode value(OriginKey key, String text) {
        return switch (key) {
            case PORT, WEIGHT ->
                text.matches("[0-9]{1,9}") ? IntNode.valueOf(Integer.parseInt(text)) : TextNode.valueOf(text);
            case TLS_VERIFY ->
                text.equals("true") || text.equals("false")
                        ? BooleanNode.valueOf(text.equals("true"))
                        : TextNode.valueOf(text);
            case CA -> certificates(text);
            case FALLBACK -> RouteSpelling.readOrigin(text);
            default -> TextNode.valueOf(text);
        };
    }

    private static JsonNode certificates(String text) {
        return text.startsWith("\"") ? read(text) : TextNode.valueOf(text);
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(json);
        }
    }

    OriginDraft draft() {
        return wanted.isEmpty() ? OriginDraft.NONE : new OriginDraft(wanted);
    }

    /** The tags that say this, values behind the first colon. */
    static List<String> of(OriginSettings settings) {
        List<String> tags = new ArrayList<>();
        settings.json().forEach((key, json) -> {
            switch (key) {
                case ROUTES -> {}
                case FALLBACK ->
                    settings.fallback().ifPresent(origin -> tags.add(tag(key, RouteSpelling.writeOrigin(origin))));
                case CA -> tags.add(tag(key, json));
                case HEALTH_CHECK -> tags.add(tag(key, HealthCheckSpelling.write(read(json))));
                default -> tags.add(tag(key, json.replace("\"", "")));
            }
        });
        List<OriginRoute> routes = settings.routes();
        routes.forEach(route -> tags.add(ROUTE + RouteSpelling.write(route)));
        if (settings.json().containsKey(OriginKey.ROUTES) && routes.isEmpty()) {
            tags.add(ROUTE + NO_ROUTES);
        }
        return tags;
    }

    private static String tag(OriginKey key, String value) {
        return "edge-" + key.text().replace('_', '-') + ":" + value;
    }
}
