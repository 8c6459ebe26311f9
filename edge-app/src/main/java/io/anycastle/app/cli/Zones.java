package io.anycastle.app.cli;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
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

    /** The address of a zone. */
    static String path(JsonObject zone) {
        return "/zones/" + zone.getString("id");
    }

    /** The address of a zone's records. */
    static String recordsPath(JsonObject zone) {
        return path(zone) + "/dns_records";
    }

    /** The zone of that name or id. */
    JsonObject named(String zone) {
        return find(zone)
                .or(() -> zone.matches("[0-9a-f]{32}") ? Optional.of(client.read("/zones/" + zone)) : Optional.empty())
                .orElseThrow(() ->
                        CommandException.of("zone '" + zone + "': there is no such zone; 'edge zone list' shows all"));
    }

    private Optional<JsonObject> find(String name) {
        List<JsonObject> found = client.list("/zones", Map.of("name", bare(name)));
        return found.stream().findFirst();
    }

    /** The zone that the name lies in: the longest that ends it. */
    JsonObject holding(String name) {
        for (Optional<DomainName> rest = read(name);
                rest.isPresent();
                rest = rest.get().parent()) {
            Optional<JsonObject> zone =
                    rest.get().isRoot() ? Optional.empty() : find(rest.get().toString());
            if (zone.isPresent()) {
                return zone.get();
            }
        }
        throw CommandException.of("name '" + name + "': lies in no zone of this node; give the full name, or --zone");
    }

    private static Optional<DomainName> read(String name) {
        try {
            return Optional.of(DomainName.of(name));
        } catch (InvalidNameException e) {
            throw CommandException.of("name " + e.getMessage());
        }
    }

    private static String bare(String name) {
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
