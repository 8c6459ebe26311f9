package io.anycastle.app.cli;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Parameters;

/** The zone that a command is about, its first argument. */
final class ZoneArgument {
    @Parameters(index = "0", paramLabel = "ZONE", description = "The zone's name or id.")
    String text = "";

    /** The zone as the node has it. */
    JsonObject find(NodeClient client) {
        return new Zones(client).named(text);
    }
}
