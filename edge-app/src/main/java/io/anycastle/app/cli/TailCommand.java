package io.anycastle.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code edge tail}: prints what all nodes do for a zone's visitors, until it is interrupted. */
@Command(
        name = "tail",
        description =
                "Prints the requests for a zone's hosts as they are answered, each a line of JSON as the access log has it, until Ctrl-C."
                        + " They are those of all nodes of the cluster; each line tells its node.")
final class TailCommand extends NodeCommand {
    private static final String MISSED = "{\"tail\":";

    @Mixin
    final ZoneArgument zone = new ZoneArgument();

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only requests answered so: 404, 5xx, or a range such as 500-504.")
    String status = "";

    @Option(names = "--path", paramLabel = "PATH", description = "Only requests whose path begins with that.")
    String path = "";

    TailCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(NodeClient client) {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("status", status);
        wanted.put("path", path);
        client.follow(Zones.path(zone.find(client)) + "/tail" + NodeClient.query(wanted), this::line);
        environment().err().println("edge: the node has ended this: it stops, or another program does");
        environment().err().flush();
    }

    private void line(String line) {
        if (line.startsWith(MISSED)) {
            JsonObject missed = new JsonObject(line).getJsonObject("tail");
            missed(missed);
            environment().err().flush();
        } else if (!line.isEmpty()) {
            say(line);
            environment().out().flush();
        }
    }

    private void missed(JsonObject missed) {
        missed.getJsonArray("without", new JsonArray())
                .forEach(node -> environment()
                        .err()
                        .println("edge: requests to " + node + " are not shown: as many follow its log as may"));
        if (missed.getLong("omitted") + missed.getLong("dropped") > 0) {
            environment()
                    .err()
                    .println("edge: so far " + missed.getLong("omitted")
                            + " requests were left out, since they were too many, and " + missed.getLong("dropped")
                            + " since they were not taken in time");
        }
    }
}
