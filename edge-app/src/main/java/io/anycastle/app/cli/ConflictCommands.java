package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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
    static final class ListAll extends io.anycastle.app.cli.Command {
        @Option(names = "--json", description = "Print JSON.")
        boolean isJson;

        ListAll(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            JsonArray conflicts = client.array(PATH);
            if (isJson) {
                say(conflicts.encodePrettily());
                return;
            }
            if (conflicts.isEmpty()) {
                say("No conflicts.");
                return;
            }
            Table table = new Table("Id", "Zone", "What", "Lost from", "Lost on", "Won by");
            for (int i = 0; i < conflicts.size(); i++) {
                JsonObject conflict = conflicts.getJsonObject(i);
                table.row(
                        conflict.getString("id"),
                        conflict.getString("zone"),
                        what(conflict),
                        conflict.getString("lost_node"),
                        conflict.getString("lost_on"),
                        conflict.getString("won_node"));
            }
            print(table);
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

    @Command(name = "apply", description = "Puts what lost in the place of what won.")
    static final class Apply extends io.anycastle.app.cli.Command {
        @Parameters(paramLabel = "ID", description = "The conflict's id, from 'edge conflicts list'.")
        String id = "";

        Apply(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            client.call(HttpMethod.POST, PATH + "/" + id + "/apply", null);
            say("Applied.");
        }
    }

    @Command(name = "dismiss", description = "Takes a conflict off the list; what won stays.")
    static final class Dismiss extends io.anycastle.app.cli.Command {
        @Parameters(paramLabel = "ID", description = "The conflict's id, from 'edge conflicts list'.")
        String id = "";

        Dismiss(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            client.call(HttpMethod.DELETE, PATH + "/" + id, null);
            say("Dismissed.");
        }
    }
}
