package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code edge reload}: a node reads its configuration file again. */
@Command(
        name = "reload",
        description =
                "Lets the node read its configuration file again, and its certificates, as SIGHUP does. Listeners, limits and"
                        + " timeouts of the proxy change at once and connections are kept; what takes a restart is told.")
final class ReloadCommand extends NodeCommand {
    ReloadCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(NodeClient client) {
        JsonObject reloaded = client.call(HttpMethod.POST, "/edge/reload", new JsonObject());
        List<String> changed = JsonFields.texts(reloaded, "changed");
        List<String> waiting = JsonFields.texts(reloaded, "needs_restart");
        say(
                changed.isEmpty()
                        ? "Reloaded; no setting changed."
                        : "Reloaded; changed: " + String.join(", ", changed) + ".");
        if (!waiting.isEmpty()) {
            say("These settings take a restart: " + String.join(", ", waiting) + ".");
        }
    }
}
