package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code edge cluster ...}. */
final class ClusterCommands {
    private static final String BASE = "/edge/cluster";

    private ClusterCommands() {}

    static Menu menu(Environment environment) {
        return new Menu()
                .command("invite", () -> new Invite(environment))
                .command("list", () -> new ListAll(environment))
                .command("remove", () -> new Remove(environment))
                .command("rotate", () -> new Rotate(environment));
    }

    @Command(
            name = "invite",
            description =
                    "Prints a token with which one more node can join, once: 'edge run --join TOKEN' on that node.")
    static final class Invite extends NodeCommand {
        private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smhd])");

        @Option(
                names = "--ttl",
                paramLabel = "TIME",
                description =
                        "How long it works, such as 90s, 15m, 1h or 2d (default: the node's cluster.token-lifetime).")
        @Nullable
        String ttl;

        Invite(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            JsonObject body = new JsonObject();
            if (ttl != null) {
                body.put("ttl_seconds", seconds(ttl));
            }
            say(client.call(HttpMethod.POST, BASE + "/invitations", body).getString("token"));
        }

        private static long seconds(String text) {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                throw CommandException.usage("--ttl: expected a time such as 90s, 15m, 1h or 2d, found '" + text + "'");
            }
            long unit = switch (matcher.group(2)) {
                case "s" -> 1;
                case "m" -> 60;
                case "h" -> 3600;
                default -> 86_400;
            };
            return Long.parseLong(matcher.group(1)) * unit;
        }
    }

    @Command(name = "list", description = "Lists the cluster's nodes.")
    static final class ListAll extends ListCommand {
        ListAll(Environment environment) {
            super(
                    environment,
                    new Table()
                            .column("Number", node -> String.valueOf(node.getInteger("number")))
                            .column("Node", "id")
                            .column("Address", "address")
                            .column("State", node -> state(node.getString("state")))
                            .column("Certificate ends", "certificate_expires"),
                    "This node is in no cluster; 'edge cluster invite' begins one.");
        }

        @Override
        List<JsonObject> read(NodeClient client) {
            return client.array(BASE + "/nodes");
        }

        private static String state(String state) {
            return state.equals("self") ? "this node" : state.replace('_', ' ');
        }
    }

    @Command(
            name = "remove",
            description =
                    "Takes a node out of the cluster for good: its connections are cut, its certificate counts no more.")
    static final class Remove extends NodeCommand {
        @Parameters(paramLabel = "NODE", description = "The node's id or number.")
        String id = "";

        Remove(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            JsonObject node = client.call(
                    HttpMethod.DELETE, BASE + "/nodes/" + URLEncoder.encode(id, StandardCharsets.UTF_8), null);
            say("Node " + node.getString("id") + " (number " + node.getInteger("number") + ") was removed.");
            say("It knows the cluster's key: if it may be in foreign hands, run 'edge cluster rotate' too.");
        }
    }

    @Command(name = "rotate", description = "Gives the cluster a new CA and all its nodes new certificates.")
    static final class Rotate extends NodeCommand {
        Rotate(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            JsonObject result = client.call(HttpMethod.POST, BASE + "/rotation", new JsonObject());
            say("The cluster has a new CA; its nodes renew their certificates by themselves.");
            say("The old one is believed until " + result.getString("old_trusted_until")
                    + ": a node that is away for longer must be invited again. Join tokens that are out work no more.");
        }
    }
}
