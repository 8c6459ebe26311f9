package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code edge zone page ...}: a zone's own pages for errors. */
final class ErrorPageCommands {
    private ErrorPageCommands() {}

    static Menu menu(Environment environment) {
        return new Menu()
                .command("set", () -> new Put(environment))
                .command("list", () -> new ListAll(environment))
                .command("show", () -> new Show(environment))
                .command("rm", () -> new Remove(environment));
    }

    private static String path(JsonObject zone) {
        return Zones.path(zone) + "/custom_pages";
    }

    /** A command about one page of a zone. */
    abstract static class PageCommand extends ZoneCommand {
        @Parameters(
                index = "1",
                paramLabel = "ERROR",
                description = "The number of an error, such as 521, or a class: 4xx, 5xx or 1xxx.")
        String error = "";

        PageCommand(Environment environment) {
            super(environment);
        }

        final String pathIn(JsonObject zone) {
            return path(zone) + "/" + error;
        }
    }

    @Command(
            description = "Shows an error, or a class of errors, on a page of the zone's own.",
            footer = {
                "",
                "The page is HTML. These places in it are filled in: ::CLOUDFLARE_ERROR_500S_BOX:: and"
                        + " ::CLOUDFLARE_ERROR_1000S_BOX:: with the error itself, ::RAY_ID::, ::CLIENT_IP:: and ::GEO::."
            })
    static final class Put extends PageCommand {
        @Parameters(index = "2", paramLabel = "FILE", description = "The page, in HTML.")
        Path file = Path.of("");

        Put(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client, JsonObject zone) {
            String html = TextFile.read(environment().folder(), file);
            JsonObject page = client.call(HttpMethod.PUT, pathIn(zone), new JsonObject().put("html", html));
            say("Zone " + zone.getString("name") + " shows " + page.getString("id") + " on the page " + file + ".");
        }
    }

    @Command(description = "Lists the pages that a zone has of its own.")
    static final class ListAll extends ListCommand {
        @Mixin
        final ZoneArgument zone = new ZoneArgument();

        ListAll(Environment environment) {
            super(
                    environment,
                    new Table()
                            .column("Error", "id")
                            .column("Bytes", page -> String.valueOf(page.getInteger("bytes")))
                            .column("Changed", "modified_on"),
                    "No pages of its own; 'edge zone page set' gives it one.");
        }

        @Override
        List<JsonObject> read(NodeClient client) {
            return client.array(path(zone.find(client)));
        }
    }

    @Command(description = "Prints a page that a zone has of its own.")
    static final class Show extends ShowCommand<JsonObject> {
        @Mixin
        final ZoneArgument zone = new ZoneArgument();

        @Parameters(index = "1", paramLabel = "ERROR", description = "The number of an error, or a class of them.")
        String error = "";

        Show(Environment environment) {
            super(environment);
        }

        @Override
        JsonObject read(NodeClient client) {
            return client.read(path(zone.find(client)) + "/" + error);
        }

        @Override
        void show(NodeClient client, JsonObject page) {
            String html = page.getString("html");
            if (html == null) {
                throw CommandException.of("zone " + zone.text + " has no page of its own for " + page.getString("id"));
            }
            print(html.endsWith("\n") ? html : html + "\n");
        }
    }

    @Command(description = "Shows an error, or a class of errors, on the edge's page again.")
    static final class Remove extends PageCommand {
        Remove(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client, JsonObject zone) {
            JsonObject page = client.call(HttpMethod.DELETE, pathIn(zone), null);
            say("Zone " + zone.getString("name") + " shows " + page.getString("id") + " on the edge's page.");
        }
    }
}
