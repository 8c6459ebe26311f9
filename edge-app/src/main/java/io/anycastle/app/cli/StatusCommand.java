package io.anycastle.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import picocli.CommandLine.Command;

/** {@code edge status}. */
@Command(
        name = "status",
        description =
                "Shows how a node is doing, and the cluster that it is in: listeners, store, zones, records, nodes.")
final class StatusCommand extends ShowCommand<JsonObject> {
    StatusCommand(Environment environment) {
        super(environment);
    }

    @Override
    JsonObject read(NodeClient client) {
        JsonObject status = client.read("/edge/status");
        return isJson ? status.put("nodes", new JsonArray(client.array("/edge/nodes"))) : status;
    }

    @Override
    void show(NodeClient client, JsonObject status) {
        JsonObject store = status.getJsonObject("store");
        say("Node      " + status.getString("id") + " at " + status.getString("colo") + ", version "
                + status.getString("version") + ", up " + uptime(status.getLong("uptime_seconds")));
        String reason = status.getString("waits_for");
        say("Ready     " + (status.getBoolean("ready") ? "yes" : reason == null ? "no" : "no, it waits for " + reason));
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
        printListeners(JsonFields.objects(status, "listeners"));
        printFloods(JsonFields.objects(status, "flooded_zones"));
        printOrigins(JsonFields.objects(status, "origins"));
        printChecks(JsonFields.objects(status, "health_checks"));
        printNodes(client.array("/edge/nodes"));
    }

    private void printListeners(List<JsonObject> listeners) {
        say("");
        print(new Table()
                .column("Listener", "service")
                .column("Address", "address")
                .column("Driver", "driver")
                .column("Certificate good until", listener -> listener.getString("certificate_expires", "-"))
                .of(listeners));
    }

    private void printFloods(List<JsonObject> zones) {
        if (zones.isEmpty()) {
            return;
        }
        say("");
        print(new Table()
                .column("Flooded with made-up names", "name")
                .column("Denials a second", zone -> String.valueOf(zone.getLong("denials_per_second")))
                .column("Names a second", zone -> "about " + zone.getLong("names_per_second"))
                .of(zones));
    }

    /** Those that are not in; '--json' has all. */
    private void printOrigins(List<JsonObject> origins) {
        List<JsonObject> notIn = origins.stream()
                .filter(origin -> !"in".equals(origin.getString("state")))
                .toList();
        if (notIn.isEmpty()) {
            return;
        }
        say("");
        print(new Table()
                .column("Origin", origin -> origin.getString("scheme") + "://" + origin.getString("address"))
                .column("State", "state")
                .column("For another", origin -> origin.getLong("left_ms") + " ms")
                .column("Times", origin -> String.valueOf(origin.getInteger("ejections")))
                .column("Why", origin -> origin.getString("reason", "-"))
                .of(notIn));
    }

    /** Those that somebody finds down; '--json' has all. */
    private void printChecks(List<JsonObject> checks) {
        List<JsonObject> down = checks.stream()
                .filter(check -> check.getInteger("nodes_down") > 0 || !"up".equals(check.getString("here")))
                .toList();
        if (down.isEmpty()) {
            return;
        }
        say("");
        print(new Table()
                .column("Health check", "check")
                .column("State", "state")
                .column("Here", "here")
                .column(
                        "Nodes that find it down",
                        check -> check.getInteger("nodes_down") + " of "
                                + (check.getInteger("nodes_up") + check.getInteger("nodes_down")))
                .column("Why", check -> check.getString("reason", "-"))
                .of(down));
    }

    private void printNodes(List<JsonObject> nodes) {
        if (nodes.size() < 2) {
            return;
        }
        say("");
        print(new Table()
                .column("Node", node -> node.getString("id") + (node.getBoolean("self") ? " (this)" : ""))
                .column("State", node -> node.getString("state").replace('_', ' '))
                .column("Colo", node -> node.getString("colo", "-"))
                .column("Version", node -> node.getString("version", "-"))
                .column("Address", "address")
                .column("Up", node -> measured(node, "uptime_seconds", StatusCommand::uptime))
                .column("Store", node -> node.getString("store_digest", "-"))
                .column("Lag", node -> measured(node, "change_lag_ms", lag -> lag + " ms"))
                .column("Disks", node -> measured(node, "last_change_disks", String::valueOf))
                .column("Edge addresses", node -> String.join(" ", JsonFields.texts(node, "edge_addresses")))
                .of(nodes));
    }

    /** The number in words; {@code -} where the node does not tell it. */
    private static String measured(JsonObject node, String field, LongFunction<String> words) {
        Long number = node.getLong(field);
        return number == null ? "-" : words.apply(number);
    }

    private void checks(JsonObject checks) {
        if (checks.getBoolean("on", false)) {
            say("Checks    " + checks.getInteger("zones") + " zones by public DNS, "
                    + (checks.getBoolean("leading")
                            ? "by this node, " + checks.getInteger("running") + " now"
                            : "by another node"));
        }
    }

    private void answered(JsonObject edge) {
        if (edge.getJsonArray("serving") != null) {
            List<String> serving = JsonFields.texts(edge, "serving");
            say("Answered  "
                    + (serving.isEmpty()
                            ? "this node's edge.addresses, since no node serves"
                            : String.join(", ", serving)));
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
