package io.anycastle.app.cli;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Mixin;

/** A command that talks to a running node. */
abstract class NodeCommand extends ShellCommand {
    @Mixin
    final NodeOptions node = new NodeOptions();

    NodeCommand(Environment environment) {
        super(environment);
    }

    @Override
    public final Integer call() {
        node.run(environment(), this::run);
        return 0;
    }

    abstract void run(NodeClient client);

    /** Prints what the node has to say of a call that succeeded, and returns its result. */
    final JsonObject told(JsonObject envelope) {
        JsonFields.objects(envelope, "messages").forEach(message -> say("note: " + message.getString("message")));
        return envelope.getJsonObject("result", new JsonObject());
    }
}
