package io.anycastle.app.api;

import io.anycastle.app.Version;
import io.anycastle.app.cluster.ClusterDocuments;
import io.anycastle.core.model.Account;
import io.anycastle.core.store.EdgeStore;
import io.anycastle.core.store.Restoration;
import io.anycastle.core.store.Restoration.Ending;
import io.anycastle.core.store.Restoration.ZoneChange;
import io.anycastle.core.store.change.BackupException;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.store.state.BackupContents;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /edge/backup}: the whole store as one file, while it serves. */
final class BackupCalls {
    private static final Logger LOG = LoggerFactory.getLogger(BackupCalls.class);
    private static final int REFUSED = 10610;
    private static final int BROKE_OFF = 10611;
    private static final int BUSY = 10612;

    private final EdgeStore store;
    private final ZoneRules rules;
    private final int recordsPerChange;
    private final AtomicBoolean isRestoring = new AtomicBoolean();

    BackupCalls(EdgeStore store, ZoneRules rules, int recordsPerChange) {
        this.store = store;
        this.rules = rules;
        this.recordsPerChange = recordsPerChange;
    }

    /** The file; its framing tells a whole one from one that broke off. */
    ApiReply write(Call call) {
        return new ApiReply.Streamed("application/octet-stream", out -> {
            store.backup(out, Version.TEXT, ClusterDocuments::isForBackup);
            LOG.info("a backup was taken");
        });
    }

    /**
     * Takes the file as the body. Parameters: {@code dry_run} only tells, {@code exact} removes zones that the file does not have,
     * {@code all_or_nothing} refuses a file of which something cannot stand here. A restore is answered by a line of JSON for each zone as it is done, of a large one for each step, and the envelope as the last line.
     */
    ApiReply restore(Call call) {
        if (!isRestoring.compareAndSet(false, true)) {
            throw new ApiException(
                    ApiError.of(409, BUSY, "Nothing was changed: another restore is running on this node."));
        }
        boolean isDone = true;
        try {
            Restoration restoration = checked(call);
            if (call.query().flag("dry_run").orElse(false)) {
                return new ApiReply.Result(
                        result(restoration.contents()).put("changes", json(restoration.planned())), Map.of());
            }
            isDone = false;
            return new ApiReply.Streamed("application/x-ndjson", out -> run(restoration, out));
        } finally {
            if (isDone) {
                isRestoring.set(false);
            }
        }
    }

    private Restoration checked(Call call) {
        try {
            var options = new Restoration.Options(
                    call.query().flag("exact").orElse(false),
                    call.query().flag("all_or_nothing").orElse(false),
                    ClusterDocuments::isForRestore,
                    recordsPerChange);
            return Restoration.check(call.upload().orElseThrow(), store, rules, options);
        } catch (BackupException e) {
            List<ApiError.Detail> details = e.sentences().stream()
                    .map(sentence -> new ApiError.Detail(REFUSED, sentence))
                    .toList();
            throw new ApiException(new ApiError(400, details, Map.of()));
        }
    }

    /** A client that goes away ends the telling, not the restore. */
    private void run(Restoration restoration, OutputStream out) throws IOException {
        Lines lines = new Lines(out);
        try {
            Ending ending = restoration.run(change -> lines.tell(json(change)));
            lines.tell(
                    switch (ending) {
                        case Ending.Restored ignored -> Envelope.of(result(restoration.contents()));
                        case Ending.BrokeOff broken ->
                            Envelope.of(ApiError.of(
                                    503,
                                    BROKE_OFF,
                                    "The restore broke off at " + name(broken.zone()) + ": " + broken.reason()
                                            + ". What was restored before stays; run it again."));
                    });
            LOG.info(
                    "restore of the backup that {} made on {}: {}",
                    restoration.contents().title().nodeId(),
                    restoration.contents().title().madeOn(),
                    ending);
        } finally {
            isRestoring.set(false);
        }
        lines.throwFailure();
    }

    private static final class Lines {
        private final OutputStream out;
        private java.util.Optional<IOException> failure = java.util.Optional.empty();

        Lines(OutputStream out) {
            this.out = out;
        }

        void tell(JsonObject line) {
            if (failure.isEmpty()) {
                try {
                    out.write((line.encode() + "\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                } catch (IOException e) {
                    failure = java.util.Optional.of(e);
                }
            }
        }

        void throwFailure() throws IOException {
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    private static JsonObject result(BackupContents contents) {
        return new JsonObject()
                .put("node", contents.title().nodeId())
                .put("version", contents.title().version())
                .put("made_on", contents.title().madeOn().toString())
                .put("zones", contents.zones())
                .put("records", contents.records());
    }

    private static JsonArray json(List<ZoneChange> changes) {
        JsonArray json = new JsonArray();
        changes.forEach(change -> json.add(json(change)));
        return json;
    }

    private static JsonObject json(ZoneChange change) {
        return new JsonObject()
                .put("zone", name(change.zone()))
                .put("action", change.action().name().toLowerCase(Locale.ROOT))
                .put("edits", change.edits())
                .put("left_out", new JsonArray(change.leftOut()));
    }

    private static String name(io.anycastle.core.model.DomainName zone) {
        return zone.equals(Account.ZONE) ? "account" : zone.toString();
    }
}
