package io.anycastle.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code edge status}. */
@Command(
        name = "status",
        description =
                "Shows how a node is doing, and the cluster that it is in: listeners, store, zones, records, nodes.")
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
            say(status.put("nodes", client.array("/edge/nodes")).encodePrettily());
            return;
        }
        JsonObject store = status.getJsonObject("store");
        say("Node      " + status.getString("id") + " at " + status.getString("colo") + ", version "
                + status.getString("version") + ", up " + uptime(status.getLong("uptime_seconds")));
        say("Ready     " + (status.getBoolean("ready") ? "yes" : "no"));
        say("Store     " + store.getInteger("zones") + " zones, " + store.getLong("records") + " records, "
                + cluster(store) + ", journal " + store.getLong("journal_bytes") + " bytes"
                + (store.getString("last_error") == null ? "" : ", last error: " + store.getString("last_error")));
        checks(status.getJsonObject("zone_checks", new JsonObject()));
        tunnel(status.getJsonObject("cluster", new JsonObject()));
        JsonObject edge = status.getJsonObject("edge", new JsonObject());
        if (edge.getBoolean("dns_only", false)) {
            say("DNS only  all proxied names answer their content; 'edge dns-only off' ends that");
        }
        answered(edge);
        printListeners(status.getJsonArray("listeners"));
        printFloods(status.getJsonArray("flooded_zones", new JsonArray()));
        printNodes(client.array("/edge/nodes"));
    }

    private void printListeners(JsonArray listeners) {
        say("");
        Table table = new Table("Listener", "Address", "Driver", "Certificate good until");
        for (int i = 0; i < listeners.size(); i++) {
            JsonObject listener = listeners.getJsonObject(i);
            table.row(
                    listener.getString("service"),
                    listener.getString("address"),
                    listener.getString("driver"),
                    listener.getString("certificate_expires", "-"));
        }
        print(table);
    }

    private void printFloods(JsonArray zones) {
        if (zones.isEmpty()) {
            return;
        }
        say("");
        Table table = new Table("Flooded with made-up names", "Denials a second", "Names a second");
        for (int i = 0; i < zones.size(); i++) {
            JsonObject zone = zones.getJsonObject(i);
            table.row(
                    zone.getString("name"),
                    String.valueOf(zone.getLong("denials_per_second")),
                    "about " + zone.getLong("names_per_second"));
        }
        print(table);
    }

    private void printNodes(JsonArray nodes) {
        if (nodes.size() < 2) {
            return;
        }
        say("");
        Table table = new Table(
                "Node", "State", "Colo", "Version", "Address", "Up", "Store", "Lag", "Disks", "Edge addresses");
        for (int i = 0; i < nodes.size(); i++) {
            JsonObject node = nodes.getJsonObject(i);
            Long up = node.getLong("uptime_seconds");
            table.row(
                    node.getString("id") + (node.getBoolean("self") ? " (this)" : ""),
                    node.getString("state").replace('_', ' '),
                    node.getString("colo", "-"),
                    node.getString("version", "-"),
                    node.getString("address"),
                    up == null ? "-" : uptime(up),
                    node.getString("store_digest", "-"),
                    node.containsKey("change_lag_ms") ? node.getLong("change_lag_ms") + " ms" : "-",
                    node.containsKey("last_change_disks") ? String.valueOf(node.getInteger("last_change_disks")) : "-",
                    String.join(" ", texts(node.getJsonArray("edge_addresses", new JsonArray()))));
        }
        print(table);
    }

    private void checks(JsonObject checks) {
        if (checks.getBoolean("on", false)) {
            say("Checks    " + checks.getInteger("zones") + " zones by public DNS, "
                    + (checks.getBoolean("leading")
                            ? "by this node, " + checks.getInteger("running") + " now"
                            : "by another node"));
        }
    }

    private static List<String> texts(JsonArray array) {
        return array.stream().map(String::valueOf).toList();
    }

    private void answered(JsonObject edge) {
        JsonArray serving = edge.getJsonArray("serving");
        if (serving != null) {
            say("Answered  "
                    + (serving.isEmpty()
                            ? "this node's edge.addresses, since no node serves"
                            : String.join(", ", texts(serving))));
        }
    }

    private void tunnel(JsonObject cluster) {
        if (!"tunnel".equals(cluster.getString("mode"))) {
            return;
        }
        String error = cluster.getString("error");
        say("Cluster   " + cluster.getString("cluster") + ", node number " + cluster.getInteger("number") + ", "
                + cluster.getLong("connected_nodes") + " of " + cluster.getInteger("other_nodes")
                + " other nodes connected, certificate good until " + cluster.getString("certificate_expires")
                + (cluster.getBoolean("removed") ? ", REMOVED from the cluster" : "")
                + (error == null ? "" : ", error: " + error));
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
