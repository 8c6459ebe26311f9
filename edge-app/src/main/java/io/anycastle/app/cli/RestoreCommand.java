package io.anycastle.app.cli;

import io.anycastle.core.store.Restoration;
import io.anycastle.core.store.change.BackupException;
import io.anycastle.core.store.state.BackupContents;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code edge restore}. */
@Command(
        name = "restore",
        description =
                "Makes the zones of a running node, and of its cluster, what a backup has. The whole file is checked before anything is"
                        + " changed; a restore that broke off is run again.",
        footer = {
            "",
            "Which nodes are in the cluster, and its CA, stay as they are. Zones that the backup does not have stay, too, unless --exact is"
                    + " given."
        })
final class RestoreCommand extends NodeCommand {
    @Parameters(paramLabel = "FILE", description = "What 'edge backup' wrote.")
    Path file = Path.of("");

    @Option(names = "--exact", description = "Remove zones that the backup does not have.")
    boolean isExact;

    @Option(
            names = "--all-or-nothing",
            description =
                    "Refuse the backup when a record or zone in it cannot stand on this node; otherwise that is left out.")
    boolean isAllOrNothing;

    @Option(names = "--dry-run", description = "Check the file, tell what would be changed, and change nothing.")
    boolean isDryRun;

    RestoreCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(NodeClient client) {
        Path path = environment().folder().resolve(file);
        tell(checked(path));
        String query = NodeClient.query(
                Map.of("exact", flag(isExact), "all_or_nothing", flag(isAllOrNothing), "dry_run", flag(isDryRun)));
        List<JsonObject> lines = client.send(HttpMethod.PUT, "/edge/backup" + query, path);
        if (lines.isEmpty() || !lines.getLast().containsKey("success")) {
            throw CommandException.of("the node has gone in the middle of the restore; run it again");
        }
        JsonObject envelope = lines.getLast();
        List<JsonObject> changes = new ArrayList<>(lines.subList(0, lines.size() - 1));
        changes.removeIf(change -> "underway".equals(change.getString("action")));
        changes.addAll(JsonFields.objects(envelope.getJsonObject("result", new JsonObject()), "changes"));
        print(new Table()
                .column("Zone", "zone")
                .column("", RestoreCommand::outcome)
                .of(changes));
        List<String> leftOut = changes.stream()
                .flatMap(change -> JsonFields.texts(change, "left_out").stream())
                .toList();
        leftOut.forEach(sentence -> say("left out: " + sentence));
        if (!envelope.getBoolean("success")) {
            throw new RefusedCallException(503, envelope.getJsonArray("errors"));
        }
        say(
                isDryRun
                        ? "Nothing was changed."
                        : leftOut.isEmpty() ? "Restored." : "Restored, but for what is left out.");
    }

    private static String flag(boolean isSet) {
        return isSet ? "true" : "";
    }

    /** A file that is no good is not even sent. */
    private BackupContents checked(Path path) {
        try {
            return Restoration.contentsOf(path);
        } catch (BackupException e) {
            throw CommandException.of(e.getMessage() + ". Nothing was changed.");
        }
    }

    private void tell(BackupContents contents) {
        say("Made by node " + contents.title().nodeId() + ", version "
                + contents.title().version() + ", on " + contents.title().madeOn() + ": "
                + Count.of(contents) + ".");
    }

    private static String outcome(JsonObject change) {
        return switch (change.getString("action")) {
            case "created" -> "created";
            case "changed" -> "changed, " + Count.of(change.getInteger("edits"), "difference");
            case "same" -> "the same";
            case "removed" -> "removed: not in the backup";
            case "refused" -> "left as it is: it cannot be on this node";
            default -> "left: not in the backup (--exact removes it)";
        };
    }
}
