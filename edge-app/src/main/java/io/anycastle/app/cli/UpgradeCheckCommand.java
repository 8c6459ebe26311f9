package io.anycastle.app.cli;

import io.anycastle.app.Version;
import io.anycastle.app.cluster.FormatsJson;
import io.anycastle.core.store.DiskFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code edge upgrade-check}. */
@Command(
        name = "upgrade-check",
        description =
                "Tells whether this version of the program may run beside the nodes that run now, and take their place. Run it from the"
                        + " new version, before anything is stopped.",
        footer = {"", "The exit code is 0 when it may, 1 when it may not or when a node does not tell."})
final class UpgradeCheckCommand extends ShellCommand {
    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The admin address of one of the nodes (environment: ANYCASTLE_SERVER; default: "
                    + NodeOptions.SERVER_DEFAULT + ").")
    @Nullable
    String server;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The admin token (environment: ANYCASTLE_TOKEN, or ANYCASTLE_DATA for the folder with it).")
    @Nullable
    String token;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Ask no node: look at the files of this data folder, whether a node uses it or not.")
    @Nullable
    Path data;

    @Option(names = "--json", description = "Print JSON.")
    boolean isJson;

    UpgradeCheckCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        return data == null ? nodes() : files(data);
    }

    private int nodes() {
        NodeOptions options = new NodeOptions();
        options.server = server;
        options.token = token;
        List<JsonObject> found = new ArrayList<>();
        options.run(environment(), client -> client.array("/edge/nodes").forEach(node -> found.add(judged(node))));
        return tell(
                "nodes",
                found,
                new Table()
                        .column("Node", "id")
                        .column("Version", "version")
                        .column("Disk format", item -> disk(item.getJsonObject("formats")))
                        .column(
                                "Hazelcast",
                                item -> item.getJsonObject("formats").getString(FormatsJson.HAZELCAST, ""))
                        .column("This version", "sentence"));
    }

    private static JsonObject judged(JsonObject node) {
        JsonObject formats = node.getJsonObject("formats", new JsonObject());
        return verdict(UpgradeVerdict.of(formats, FormatsJson.ours()))
                .put("id", node.getString("id"))
                .put("version", node.getString("version"))
                .put("formats", formats);
    }

    private static JsonObject verdict(UpgradeVerdict verdict) {
        return new JsonObject()
                .put("verdict", verdict.name().toLowerCase(Locale.ROOT))
                .put("ok", verdict.isGood())
                .put("sentence", verdict.sentence());
    }

    private int files(Path folder) {
        Path path = environment().folder().resolve(folder);
        List<DiskFormat> formats;
        try {
            formats = DiskFormat.in(path);
        } catch (IOException e) {
            throw CommandException.of(folder + ": no readable folder");
        }
        if (formats.isEmpty()) {
            throw CommandException.of(folder + ": holds no log and no snapshot of a node");
        }
        List<JsonObject> found =
                formats.stream().map(UpgradeCheckCommand::judged).toList();
        return tell(
                "files",
                found,
                new Table()
                        .column("File", "id")
                        .column("", item -> "")
                        .column("Disk format", item -> disk(item.getJsonObject("formats")))
                        .column("", item -> "")
                        .column("This version", "sentence"));
    }

    private static JsonObject judged(DiskFormat file) {
        JsonObject ours = FormatsJson.ours();
        int log = file.log().orElse(0);
        int entry =
                file.entry().orElse(log == ours.getInteger(FormatsJson.LOG) ? ours.getInteger(FormatsJson.ENTRY) : 0);
        JsonObject formats = ours.copy().put(FormatsJson.LOG, log).put(FormatsJson.ENTRY, entry);
        boolean isGood = UpgradeVerdict.of(formats, ours).isGood();
        return new JsonObject()
                .put("id", file.file())
                .put("verdict", isGood ? "reads" : "cannot_read")
                .put("ok", isGood)
                .put("sentence", isGood ? "reads it" : "cannot read it" + newer(file, ours))
                .put("formats", new JsonObject().put(FormatsJson.LOG, log).put(FormatsJson.ENTRY, entry));
    }

    private static String newer(DiskFormat file, JsonObject ours) {
        if (file.log().isEmpty()) {
            return ": it is damaged, or no file of a node";
        }
        boolean isNewer = isAbove(file.log(), ours.getInteger(FormatsJson.LOG))
                || isAbove(file.entry(), ours.getInteger(FormatsJson.ENTRY));
        return isNewer ? ": a newer version wrote it" : ": an older version wrote it";
    }

    private static boolean isAbove(OptionalInt theirs, int ours) {
        return theirs.isPresent() && theirs.getAsInt() > ours;
    }

    private int tell(String what, List<JsonObject> found, Table table) {
        boolean isGood = found.stream().allMatch(item -> item.getBoolean("ok"));
        JsonObject ours = FormatsJson.ours();
        if (isJson) {
            say(new JsonObject()
                    .put("version", Version.TEXT)
                    .put("formats", ours)
                    .put("ok", isGood)
                    .put(what, new JsonArray(found))
                    .encodePrettily());
            return isGood ? 0 : CommandException.FAILED;
        }
        say("This version is " + Version.TEXT + VersionCommand.place(environment()) + ": disk format " + disk(ours)
                + ", Hazelcast " + ours.getString(FormatsJson.HAZELCAST) + ".");
        print(table.of(found));
        return isGood ? 0 : CommandException.FAILED;
    }

    /** The framing's number, then the entries'. */
    private static String disk(JsonObject formats) {
        Integer log = formats.getInteger(FormatsJson.LOG);
        Integer entry = formats.getInteger(FormatsJson.ENTRY);
        return log == null || entry == null ? "-" : log + "." + entry;
    }
}
