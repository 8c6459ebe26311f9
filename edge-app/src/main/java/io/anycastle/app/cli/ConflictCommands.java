package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code edge conflicts ...}. */
final class ConflictCommands {
    private static final String PATH = "/edge/conflicts";

    private ConflictCommands() {}

    static Menu menu(Environment environment) {
        return new Menu()
                .command("list", () -> new ListAll(environment))
                .command("apply", () -> new Apply(environment))
                .command("dismiss", () -> new Dismiss(environment));
    }

    @Command(name = "list", description = "Lists what lost when parts of a cut cluster were merged.")
    static final class ListAll extends ListCommand {
        ListAll(Environment environment) {
            super(
                    environment,
                    new Table()
                            .column("Id", "id")
                            .column("Zone", "zone")
                            .column("What", ListAll::what)
                            .column("Lost from", "lost_node")
                            .column("Lost on", "lost_on")
                            .column("Won by", "won_node"),
                    "No conflicts.");
        }

        @Override
        List<JsonObject> read(NodeClient client) {
            return client.array(PATH);
        }

        private static String what(JsonObject conflict) {
            return switch (conflict.getString("kind")) {
                case "records" -> records(conflict);
                case "name_deletion" -> "deletion of " + conflict.getString("name");
                case "document" -> "document " + conflict.getString("document");
                case "zone_settings" -> "settings of the zone";
                default -> "deletion of the zone";
            };
        }

        private static String records(JsonObject conflict) {
            JsonObject first = conflict.getJsonArray("records").getJsonObject(0);
            int more = conflict.getJsonArray("records").size() - 1;
            return first.getString("type") + " " + conflict.getString("name") + " " + first.getString("content")
                    + (more > 0 ? " and " + more + " more" : "");
        }
    }

    /** A command on one conflict. */
    abstract static class OfOne extends NodeCommand {
        @Parameters(paramLabel = "ID", description = "The conflict's id, from 'edge conflicts list'.")
        String id = "";

        OfOne(Environment environment) {
            super(environment);
        }

        final String path() {
            return PATH + "/" + id;
        }
    }

    @Command(name = "apply", description = "Puts what lost in the place of what won.")
    static final class Apply extends OfOne {
        Apply(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            client.call(HttpMethod.POST, path() + "/apply", null);
            say("Applied.");
        }
    }

    @Command(name = "dismiss", description = "Takes a conflict off the list; what won stays.")
    static final class Dismiss extends OfOne {
        Dismiss(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            client.call(HttpMethod.DELETE, path(), null);
            say("Dismissed.");
        }
    }
}
