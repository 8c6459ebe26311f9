package io.anycastle.app.cli;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code edge record ...}. */
final class RecordCommands {
    private RecordCommands() {}

    static Menu menu(Environment environment) {
        return new Menu()
                .command("add", () -> new Add(environment))
                .command("list", () -> new ListAll(environment))
                .command("set", () -> new Set(environment))
                .command("rm", () -> new Remove(environment));
    }

    /** What to do where a content was taken for an option because it begins with a hyphen, as in {@code TXT -all}. */
    static Optional<String> contentHint(CommandLine line, String... arguments) {
        Object command = line.getCommand();
        boolean hasContent = command instanceof Add || command instanceof Set || command instanceof Remove;
        return hasContent && !List.of(arguments).contains("--")
                ? Arrays.stream(arguments)
                        .filter(word -> word.startsWith("-") && !word.startsWith("--"))
                        .filter(word -> !line.getCommandSpec().optionsMap().containsKey(word))
                        .findFirst()
                        .map(word ->
                                "a content that begins with '-' stands behind '--', which ends the options: -- " + word)
                : Optional.empty();
    }

    /** What may be said of a record beside name, type and content. */
    static final class Fields {
        @Option(names = "--ttl", paramLabel = "SECONDS", description = "1 is automatic (default).")
        @Nullable
        Integer ttl;

        @Option(
                names = "--proxied",
                negatable = true,
                fallbackValue = "true",
                description = "Send visitors through the proxy, or not.")
        @Nullable
        Boolean isProxied;

        @Option(
                names = "--flatten",
                negatable = true,
                fallbackValue = "true",
                description = "Answer the addresses behind a CNAME as its own, or not.")
        @Nullable
        Boolean isFlattened;

        @Option(names = "--priority", paramLabel = "NUMBER", description = "Of MX, SRV, URI, HTTPS and SVCB.")
        @Nullable
        Integer priority;

        @Option(names = "--comment", paramLabel = "TEXT", description = "A note.")
        @Nullable
        String comment;

        @Option(names = "--tag", paramLabel = "NAME:VALUE", description = "A tag; may be given several times.")
        List<String> tags = List.of();

        @Mixin
        final OriginOptions origin = new OriginOptions();

        /** @param folder where files lie that are named without one */
        JsonObject addTo(JsonObject record, Path folder) {
            JsonObject settings = new JsonObject();
            JsonFields.put(settings, "flatten_cname", isFlattened);
            origin.addTo(settings, folder);
            JsonFields.put(record, "ttl", ttl);
            JsonFields.put(record, "proxied", isProxied);
            JsonFields.put(record, "settings", settings.isEmpty() ? null : settings);
            JsonFields.put(record, "priority", priority);
            JsonFields.put(record, "comment", comment);
            JsonFields.put(record, "tags", tags.isEmpty() ? null : new JsonArray(tags));
            return record;
        }
    }

    /** A command on the records of one name. */
    abstract static class OfName extends NodeCommand {
        @Option(names = "--zone", paramLabel = "ZONE", description = "The zone; without it, the one the name lies in.")
        @Nullable
        String zone;

        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "The full name, or relative to --zone; @ is the zone.")
        String name = "";

        OfName(Environment environment) {
            super(environment);
        }

        /** The address of the records of the name's zone. */
        final String records(NodeClient client) {
            Zones zones = new Zones(client);
            JsonObject found = zone != null ? zones.named(zone) : zones.holding(name);
            return Zones.recordsPath(found);
        }

        /** Writes a record and shows it as it is then. */
        final void write(NodeClient client, HttpMethod method, String path, JsonObject record) {
            JsonObject envelope = client.envelope(method, path, record);
            print(RecordTable.of(List.of(envelope.getJsonObject("result"))));
            told(envelope);
        }
    }

    /** A command on records that are there. */
    abstract static class OfExisting extends OfName {
        @Option(names = "--id", paramLabel = "ID", description = "Only the record of this id.")
        String id = "";

        OfExisting(Environment environment) {
            super(environment);
        }

        /** The records that the command is about; empty texts match all. */
        final RecordMatcher.Wanted wanted(String type, String content) {
            return new RecordMatcher.Wanted(name, type, content, id);
        }
    }

    @Command(description = "Adds a record: edge record add www.example.com A 192.0.2.1 --proxied")
    static final class Add extends OfName {
        @Parameters(index = "1", paramLabel = "TYPE", description = "A, AAAA, CNAME, MX, TXT, ...")
        String type = "";

        @Parameters(index = "2", paramLabel = "CONTENT", description = "As in a zone file.")
        String content = "";

        @Mixin
        final Fields fields = new Fields();

        Add(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            JsonObject record =
                    new JsonObject().put("name", name).put("type", type).put("content", content);
            write(
                    client,
                    HttpMethod.POST,
                    records(client),
                    fields.addTo(record, environment().folder()));
        }
    }

    @Command(description = "Lists the records of a zone.")
    static final class ListAll extends ListCommand {
        @Mixin
        final ZoneArgument zone = new ZoneArgument();

        @Option(names = "--type", paramLabel = "TYPE", description = "Only records of this type.")
        String type = "";

        @Option(names = "--name", paramLabel = "NAME", description = "Only records of this name.")
        String name = "";

        @Option(names = "--search", paramLabel = "TEXT", description = "Only records that hold the text anywhere.")
        String search = "";

        ListAll(Environment environment) {
            super(environment, RecordTable.columns(), RecordTable.EMPTY);
        }

        @Override
        List<JsonObject> read(NodeClient client) {
            String records = Zones.recordsPath(zone.find(client));
            Map<String, String> wanted = new LinkedHashMap<>();
            wanted.put("type", type);
            wanted.put("name", name);
            wanted.put("search", search);
            return client.list(records, wanted);
        }
    }

    @Command(
            description =
                    "Changes the one record of that name and type, or adds it: edge record set www.example.com A 192.0.2.9")
    static final class Set extends OfExisting {
        @Parameters(index = "1", paramLabel = "TYPE", description = "A, AAAA, CNAME, MX, TXT, ...")
        String type = "";

        @Parameters(index = "2", arity = "0..1", paramLabel = "CONTENT", description = "Left out, it stays.")
        @Nullable
        String content;

        @Mixin
        final Fields fields = new Fields();

        Set(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            String records = records(client);
            List<JsonObject> found = RecordMatcher.records(client, records, wanted(type, ""));
            JsonObject change = fields.addTo(new JsonObject(), environment().folder());
            JsonFields.put(change, "content", content);
            if (found.isEmpty() && id.isEmpty() && content != null) {
                write(client, HttpMethod.POST, records, change.put("name", name).put("type", type));
                return;
            }
            JsonObject record = RecordMatcher.one(found, name + " " + type);
            write(client, HttpMethod.PATCH, records + "/" + record.getString("id"), change);
        }
    }

    @Command(description = "Removes records: edge record rm www.example.com A 192.0.2.1")
    static final class Remove extends OfExisting {
        @Parameters(index = "1", arity = "0..1", paramLabel = "TYPE", description = "Only of this type.")
        String type = "";

        @Parameters(index = "2", arity = "0..1", paramLabel = "CONTENT", description = "Only with this content.")
        String content = "";

        @Option(names = "--all", description = "Also when several records match.")
        boolean isAll;

        Remove(Environment environment) {
            super(environment);
        }

        @Override
        void run(NodeClient client) {
            String records = records(client);
            List<JsonObject> found = RecordMatcher.records(client, records, wanted(type, content));
            if (!isAll || found.isEmpty()) {
                RecordMatcher.one(found, (name + " " + type + " " + content).strip());
            }
            JsonArray deletes = new JsonArray();
            found.forEach(record -> deletes.add(new JsonObject().put("id", record.getString("id"))));
            client.call(HttpMethod.POST, records + "/batch", new JsonObject().put("deletes", deletes));
            print(RecordTable.of(found));
            say("Removed.");
        }
    }
}
