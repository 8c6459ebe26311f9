package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code edge zone ...}. */
final class ZoneCommands {
    private ZoneCommands() {}

    static Menu menu(Environment environment) {
        return new Menu()
                .command("add", () -> new Add(environment))
                .command("list", () -> new ListAll(environment))
                .command("show", () -> new Show(environment))
                .command("rm", () -> new Remove(environment))
                .command("import", () -> new Import(environment))
                .command("export", () -> new Export(environment))
                .command("set", () -> new ZoneSetCommand(environment))
                .command("maintenance", () -> new MaintenanceCommand(environment))
                .group("page", "Shows errors on pages of the zone's own.", ErrorPageCommands.menu(environment))
                .command("client-certificate", () -> new ClientCertificateCommand(environment))
                .command("check", () -> new ZoneCheckCommand(environment))
                .command("activate", () -> new Activate(environment))
                .command("pause", () -> new Pause(environment))
                .command("resume", () -> new Resume(environment));
    }

    private static String stateOf(JsonObject zone) {
        return zone.getBoolean("paused") ? zone.getString("status") + ", paused" : zone.getString("status");
    }

    private static String nameServers(JsonObject zone) {
        return String.join(", ", JsonFields.texts(zone, "name_servers"));
    }

    @Command(description = "Adds a zone.")
    static final class Add extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The zone's name, such as example.com.")
        String name = "";

        @Option(names = "--type", paramLabel = "TYPE", description = "full (default), partial or secondary.")
        String type = "full";

        @Option(names = "--always-active", description = "Active now and for good, whatever public DNS says.")
        boolean isAlwaysActive;

        Add(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            JsonObject zone = told(client.envelope(
                    HttpMethod.POST,
                    "/zones",
                    new JsonObject().put("name", name).put("type", type).put("always_active", isAlwaysActive)));
            say("Zone " + zone.getString("name") + " added: " + stateOf(zone) + ".");
            if (ZonePointing.isPartial(zone)) {
                ZonePointing.steps(zone).forEach(this::say);
            } else {
                say("Point its delegation to: " + nameServers(zone));
            }
        }
    }

    @Command(description = "Lists the zones.")
    static final class ListAll extends ListCommand {
        ListAll(Environment environment) {
            super(
                    environment,
                    new Table()
                            .column("Name", "name")
                            .column("Type", "type")
                            .column("Status", ZoneCommands::stateOf)
                            .column("Name servers", ZoneCommands::nameServers),
                    "No zones yet; 'edge zone add example.com' makes one.");
        }

        @Override
        List<JsonObject> read(NodeClient client) {
            return client.list("/zones", Map.of());
        }
    }

    @Command(description = "Shows a zone and its records.")
    static final class Show extends ShowCommand<JsonObject> {
        @Mixin
        final ZoneArgument zone = new ZoneArgument();

        Show(Environment environment) {
            super(environment);
        }

        @Override
        JsonObject read(NodeClient client) {
            JsonObject found = zone.find(client);
            return found.put("records", new JsonArray(client.list(Zones.recordsPath(found), Map.of())));
        }

        @Override
        void show(NodeClient client, JsonObject zone) {
            say("Zone          " + zone.getString("name"));
            say("Id            " + zone.getString("id"));
            say("Type          " + zone.getString("type"));
            say("Status        " + stateOf(zone));
            if (!ZonePointing.isPartial(zone)) {
                say("Name servers  " + nameServers(zone));
            }
            ZonePointing.lines(zone).forEach(this::say);
            say("Created       " + zone.getString("created_on"));
            say("");
            print(RecordTable.of(JsonFields.objects(zone, "records")));
        }
    }

    @Command(description = "Removes a zone with all its records.")
    static final class Remove extends ZoneCommand {
        Remove(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client, JsonObject found) {
            client.call(HttpMethod.DELETE, Zones.path(found), null);
            say("Zone " + found.getString("name") + " removed.");
        }
    }

    @Command(
            description =
                    "Makes a zone active for good, whatever public DNS says: its proxied records stand for the edge, and it is not checked"
                            + " any more.")
    static final class Activate extends ZoneCommand {
        @Option(names = "--off", description = "Take that back: the zone is checked again, where zones are checked.")
        boolean isOff;

        Activate(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client, JsonObject found) {
            JsonObject after = set(client, found, "always_active", !isOff);
            boolean isChecked = ZonePointing.isChecked(after);
            say("Zone " + found.getString("name") + " is " + stateOf(after)
                    + (isChecked ? ", and checked." : ", and not checked."));
        }
    }

    @Command(
            description = "Imports a BIND master file: all of its records, or none and every error with file and line.",
            footer = {
                "",
                "The zone is made when it is not there. Its name comes from --zone, else from the SOA, else from the file's name"
                        + " where the records lie in it, else from the first $ORIGIN. Records that are there already stay as they are."
            })
    static final class Import extends NodeCommand {
        /** The API's code of a message about what was changed or left out. */
        private static final int WARNING = 10301;

        @Parameters(paramLabel = "FILE", description = "The master file, such as example.com.zone.")
        Path file = Path.of("");

        @Option(names = "--zone", paramLabel = "NAME", description = "The zone to import into.")
        @Nullable
        String zone;

        @Option(names = "--proxied", description = "Proxy all A, AAAA and CNAME records that do not say otherwise.")
        boolean isProxied;

        Import(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            Path path = environment().folder().resolve(file);
            if (!Files.isReadable(path) || Files.isDirectory(path)) {
                throw CommandException.of(file + ": no readable file");
            }
            String name = zone != null ? zone : ZoneFileName.of(path);
            Optional<JsonObject> existing =
                    client.list("/zones", Map.of("name", name)).stream().findFirst();
            JsonObject target = existing.orElseGet(
                    () -> client.call(HttpMethod.POST, "/zones", new JsonObject().put("name", name)));
            String address = Zones.path(target);
            try {
                JsonObject envelope = client.upload(
                        address + "/dns_records/import", path, Map.of("proxied", String.valueOf(isProxied)));
                tell(envelope);
                JsonObject result = envelope.getJsonObject("result", new JsonObject());
                int added = result.getInteger("recs_added");
                int present = result.getInteger("total_records_parsed") - added;
                say(added + " records imported into " + name
                        + (present > 0 ? "; " + present + " were there already." : "."));
            } catch (RefusedCallException refusal) {
                List<String> lines = new ArrayList<>(refusal.linesIn(file.toString()));
                if (refusal.isFinal()) {
                    boolean isGone = existing.isPresent() || isRemoved(client, address);
                    lines.add(
                            isGone ? "Nothing was imported." : "Nothing was imported; the zone was made and is empty.");
                }
                throw CommandException.of(lines);
            }
        }

        /** What the node says of the file's lines. */
        private void tell(JsonObject envelope) {
            for (JsonObject message : JsonFields.objects(envelope, "messages")) {
                Integer line = message.getJsonObject("source", new JsonObject()).getInteger("line");
                boolean isWarning = message.getInteger("code") == WARNING;
                say(file + (line == null ? "" : ":" + line) + ": " + (isWarning ? "warning: " : "")
                        + message.getString("message"));
            }
        }

        /** Takes back the zone that was made for the import; what kept the import out may keep this out too. */
        private static boolean isRemoved(NodeClient client, String address) {
            try {
                client.call(HttpMethod.DELETE, address, null);
                return true;
            } catch (RefusedCallException refusal) {
                return false;
            }
        }
    }

    @Command(description = "Writes a zone as a BIND master file.")
    static final class Export extends ZoneCommand {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description = "Write to a file instead of the screen.")
        @Nullable
        Path output;

        Export(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client, JsonObject found) {
            String text = client.text(Zones.recordsPath(found) + "/export");
            if (output == null) {
                print(text);
                return;
            }
            try {
                Files.writeString(environment().folder().resolve(output), text, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw CommandException.notWritable(output, e);
            }
        }
    }

    @Command(
            name = "pause",
            description =
                    "Takes a zone off the proxy: proxied names answer their content. Works on a node that is cut off, too.")
    static final class Pause extends ZoneCommand {
        Pause(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client, JsonObject found) {
            set(client, found, "paused", true);
            say("Zone " + found.getString("name") + " is paused: its proxied names answer their content.");
        }
    }

    @Command(name = "resume", description = "Puts a paused zone back on the proxy.")
    static final class Resume extends ZoneCommand {
        Resume(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client, JsonObject found) {
            set(client, found, "paused", false);
            say("Zone " + found.getString("name") + " is not paused any more.");
        }
    }
}
