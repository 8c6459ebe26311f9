package io.anycastle.core.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A route as people write it: {@code /api=192.0.2.20}, {@code /api=https://app.example.net:8443}. */
public final class RouteSpelling {
    private static final Pattern ORIGIN = Pattern.compile(
            "(?:(?<scheme>[A-Za-z0-9]+)://)?(?:\\[(?<ipv6>[^]]*)]|(?<host>[^:]*|.*))(?::(?<port>[0-9]{1,5}))?");

    private RouteSpelling() {}

    /** The route as the API has it, its parts not yet checked. */
    public static ObjectNode read(String text) {
        int equals = text.lastIndexOf('=');
        ObjectNode route = JsonNodeFactory.instance.objectNode();
        route.put("path", equals < 0 ? text : text.substring(0, equals));
        return readInto(route, equals < 0 ? "" : text.substring(equals + 1));
    }

    /** The same of what stands behind the equals sign. */
    public static ObjectNode readOrigin(String text) {
        return readInto(JsonNodeFactory.instance.objectNode(), text);
    }

    private static ObjectNode readInto(ObjectNode route, String origin) {
        Matcher parts = ORIGIN.matcher(origin);
        if (!parts.matches()) {
            return route.put("origin", origin);
        }
        String ipv6 = parts.group("ipv6");
        route.put("origin", ipv6 == null ? parts.group("host") : ipv6);
        if (parts.group("port") != null) {
            route.put("port", Integer.parseInt(parts.group("port")));
        }
        if (parts.group("scheme") != null) {
            route.put("scheme", parts.group("scheme"));
        }
        return route;
    }

    public static String write(OriginRoute route) {
        return route.path() + "=" + writeOrigin(route);
    }

    public static String writeOrigin(OriginRoute route) {
        String scheme = route.scheme().map(said -> said.text() + "://").orElse("");
        String host = route.origin().indexOf(':') < 0 ? route.origin() : "[" + route.origin() + "]";
        String port = route.port().isPresent() ? ":" + route.port().getAsInt() : "";
        return scheme + host + port;
    }
}
