package io.anycastle.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds zones on the node by what a user calls them. */
final class Zones {
    private final NodeClient client;

    Zones(NodeClient client) {
        this.client = client;
    }

    /** The zone of that name or id. */
    JsonObject named(String zone) {
        return find(zone)
                .or(() -> zone.matches("[0-9a-f]{32}") ? Optional.of(client.read("/zones/" + zone)) : Optional.empty())
                .orElseThrow(
                        () -> Failure.of("zone '" + zone + "': there is no such zone; 'edge zone list' shows all"));
    }

    private Optional<JsonObject> find(String name) {
        List<JsonObject> found = client.list("/zones", Map.of("name", bare(name)));
        return found.stream().findFirst();
    }

    /** The zone that the name lies in: the longest that ends it. */
    JsonObject holding(String name) {
        for (String rest = bare(name); !rest.isEmpty(); rest = rest.substring(rest.indexOf('.') + 1)) {
            Optional<JsonObject> zone = find(rest);
            if (zone.isPresent()) {
                return zone.get();
            }
            if (rest.indexOf('.') < 0) {
                break;
            }
        }
        throw Failure.of("name '" + name + "': lies in no zone of this node; give the full name, or --zone");
    }

    private static String bare(String name) {
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
