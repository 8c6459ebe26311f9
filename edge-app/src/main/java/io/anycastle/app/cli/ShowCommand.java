package io.anycastle.app.cli;

import io.vertx.core.json.Json;
import picocli.CommandLine.Option;

/** A command that shows what a node answers, to people or as JSON. */
abstract class ShowCommand<T> extends NodeCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean isJson;

    ShowCommand(Environment environment) {
        super(environment);
    }

    @Override
    final void run(NodeClient client) {
        T answer = read(client);
        if (isJson) {
            say(Json.encodePrettily(answer));
        } else {
            show(client, answer);
        }
    }

    /** What is printed with {@code --json}. */
    abstract T read(NodeClient client);

    /** Prints for people what was read. */
    abstract void show(NodeClient client, T answer);
}
