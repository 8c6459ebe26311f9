package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code edge zone maintenance}: takes a zone's hosts down for their visitors, and back. */
@Command(
        description =
                "Takes a zone's hosts down for maintenance, or back: visitors get a page with status 503. Without options, shows how it"
                        + " stands. What else is set stays for the next time.")
final class MaintenanceCommand extends ShowCommand<JsonObject> {
    @Mixin
    final ZoneArgument zone = new ZoneArgument();

    @Parameters(
            index = "1",
            paramLabel = "on|off|show|reset",
            defaultValue = "show",
            description = "What to do (default: show, or what the options say); reset takes back all that was set.")
    String state = "show";

    @Option(names = "--page", paramLabel = "FILE", description = "The page that visitors get, in HTML.")
    @Nullable
    Path page;

    @Option(
            names = "--retry-after",
            paramLabel = "SECONDS",
            description = "When visitors may try again, 1 to 2592000 seconds.")
    @Nullable
    Integer retryAfter;

    @Option(
            names = "--allow",
            paramLabel = "NETWORK",
            description =
                    "An address or network whose clients see the site all the same; may be given several times, which are all then.")
    List<String> allowed = List.of();

    @Option(
            names = "--unset",
            paramLabel = "OPTION",
            description = "Take back what was said by page, retry-after or allow; may be given several times.")
    List<String> unset = List.of();

    MaintenanceCommand(Environment environment) {
        super(environment);
    }

    @Override
    JsonObject read(NodeClient client) {
        JsonObject wanted = wanted();
        String path = Zones.path(zone.find(client)) + "/maintenance";
        if (state.equals("reset")) {
            return client.call(HttpMethod.DELETE, path, null);
        }
        return wanted.isEmpty() ? client.read(path) : client.call(HttpMethod.PATCH, path, wanted);
    }

    private JsonObject wanted() {
        JsonObject wanted = new JsonObject();
        for (String option : unset) {
            wanted.putNull(
                    switch (option) {
                        case "page" -> "html";
                        case "retry-after" -> "retry_after";
                        case "allow" -> "allowed_networks";
                        default ->
                            throw CommandException.usage(
                                    "--unset: expected page, retry-after or allow, found '" + option + "'");
                    });
        }
        switch (state) {
            case "on" -> wanted.put("enabled", true);
            case "off" -> wanted.put("enabled", false);
            case "show", "reset" -> {}
            default -> throw CommandException.usage("expected on, off, show or reset, found '" + state + "'");
        }
        JsonFields.put(
                wanted,
                "html",
                page == null ? null : TextFile.read(environment().folder(), page));
        JsonFields.put(wanted, "retry_after", retryAfter);
        JsonFields.put(wanted, "allowed_networks", allowed.isEmpty() ? null : new JsonArray(allowed));
        return wanted;
    }

    @Override
    void show(NodeClient client, JsonObject shown) {
        List<String> networks = JsonFields.texts(shown, "allowed_networks");
        String html = shown.getString("html");
        say("Maintenance   " + (shown.getBoolean("enabled") ? "on" : "off"));
        say("Page          " + (html == null ? "the edge's" : "its own, " + html.length() + " characters"));
        say("Retry after   " + shown.getInteger("retry_after") + " s");
        say("Let through   " + (networks.isEmpty() ? "nobody" : String.join(", ", networks)));
    }
}
