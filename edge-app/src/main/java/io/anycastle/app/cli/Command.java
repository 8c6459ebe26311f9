package io.anycastle.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that talks to a running node. */
abstract class Command implements Callable<Integer> {
    private final Environment environment;

    @Mixin
    final NodeOptions node = new NodeOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean isHelp;

    Command(Environment environment) {
        this.environment = environment;
    }

    @Override
    public final Integer call() {
        try (NodeClient client = node.connect(environment)) {
            run(client);
        } catch (RefusedCallException refusal) {
            throw new CommandException(CommandException.FAILED, refusal.lines());
        }
        return 0;
    }

    abstract void run(NodeClient client);

    /** Prints lines for people. */
    final void say(String text) {
        environment.out().println(text);
    }

    /** Prints what the node has to say of a call that succeeded, and returns its result. */
    final JsonObject told(JsonObject envelope) {
        JsonArray messages = envelope.getJsonArray("messages", new JsonArray());
        for (int i = 0; i < messages.size(); i++) {
            say("note: " + messages.getJsonObject(i).getString("message"));
        }
        return envelope.getJsonObject("result", new JsonObject());
    }

    final void print(Object text) {
        environment.out().print(text);
    }

    final Environment environment() {
        return environment;
    }
}
