package io.anycastle.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code edge status}. */
@Command(name = "status", description = "Shows how a node is doing: listeners, store, zones and records.")
final class StatusCommand extends io.anycastle.app.cli.Command {
    @Option(names = "--json", description = "Print JSON.")
    boolean isJson;

    StatusCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(NodeClient client) {
        JsonObject status = client.read("/edge/status");
        if (isJson) {
            say(status.encodePrettily());
            return;
        }
        JsonObject store = status.getJsonObject("store");
        say("Node      " + status.getString("id") + " at " + status.getString("colo") + ", version "
                + status.getString("version") + ", up " + uptime(status.getLong("uptime_seconds")));
        say("Ready     " + (status.getBoolean("ready") ? "yes" : "no"));
        say("Store     " + store.getInteger("zones") + " zones, " + store.getLong("records") + " records, "
                + cluster(store) + ", journal " + store.getLong("journal_bytes") + " bytes"
                + (store.getString("last_error") == null ? "" : ", last error: " + store.getString("last_error")));
        say("");
        Table table = new Table("Listener", "Address", "Driver");
        JsonArray listeners = status.getJsonArray("listeners");
        for (int i = 0; i < listeners.size(); i++) {
            JsonObject listener = listeners.getJsonObject(i);
            table.row(listener.getString("service"), listener.getString("address"), listener.getString("driver"));
        }
        print(table);
    }

    private static String cluster(JsonObject store) {
        int members = store.getInteger("members");
        return store.getBoolean("joined")
                ? members + (members == 1 ? " node" : " nodes")
                : "cluster not joined yet (no writes)";
    }

    private static String uptime(long seconds) {
        Duration up = Duration.ofSeconds(seconds);
        return up.toDays() > 0
                ? up.toDays() + " d " + up.toHoursPart() + " h"
                : up.toHours() > 0
                        ? up.toHours() + " h " + up.toMinutesPart() + " min"
                        : up.toMinutes() > 0 ? up.toMinutes() + " min " + up.toSecondsPart() + " s" : seconds + " s";
    }
}
