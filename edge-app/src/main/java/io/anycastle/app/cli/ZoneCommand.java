package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Mixin;

/** A command that does something to one zone. */
abstract class ZoneCommand extends NodeCommand {
    @Mixin
    final ZoneArgument zone = new ZoneArgument();

    ZoneCommand(Environment environment) {
        super(environment);
    }

    @Override
    final void run(NodeClient client) {
        run(client, zone.find(client));
    }

    /** @param found the zone as the node has it */
    abstract void run(NodeClient client, JsonObject found);

    /** Changes one field of the zone, and returns the zone as it is then. */
    static JsonObject set(NodeClient client, JsonObject found, String field, boolean value) {
        return client.call(HttpMethod.PATCH, Zones.path(found), new JsonObject().put(field, value));
    }
}
