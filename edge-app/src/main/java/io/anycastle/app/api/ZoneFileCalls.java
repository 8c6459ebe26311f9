package io.anycastle.app.api;

import io.anycastle.app.api.ApiError.Detail;
import io.anycastle.app.api.MultipartForm.Part;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.ChangePreview;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeOutcome.EditError;
import io.anycastle.core.store.change.ChangeOutcome.Invalid;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.zonefile.ZoneFile;
import io.anycastle.core.zonefile.ZoneFileLimits;
import io.anycastle.core.zonefile.ZoneFileNote;
import io.anycastle.core.zonefile.ZoneFileReader;
import io.anycastle.core.zonefile.ZoneFileRecord;
import io.anycastle.core.zonefile.ZoneFileWriter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Import and export of a zone as a BIND master file; an import adds all of the file's records or none. */
final class ZoneFileCalls {
    /** The code of a message about what was changed or left out. */
    private static final int WARNING = 10301;

    /** The code of a message about a record that was there already. */
    private static final int PRESENT = 10302;

    private final Changes changes;
    private final ZoneRules rules;
    private final ZoneFileLimits limits;
    private final ZoneFileWriter writer;

    ZoneFileCalls(Changes changes, ZoneRules rules, ZoneFileLimits limits, ZoneFileWriter writer) {
        this.changes = changes;
        this.rules = rules;
        this.limits = limits;
        this.writer = writer;
    }

    ApiReply write(Call call) {
        ZoneState zone = changes.zone(call);
        StringBuilder text = new StringBuilder();
        try {
            writer.write(zone, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ApiReply.Raw(200, "text/plain; charset=utf-8", text.toString());
    }

    ApiReply read(Call call) {
        ZoneState zone = changes.zone(call);
        ZoneFile file;
        try {
            file = parse(call, zone);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!file.errors().isEmpty()) {
            return new ApiReply.Failed(refused(file, broken(zone, file)));
        }
        ChangeSet change =
                new ChangeSet(zone.zone().name(), ZoneVersion.expected(call.header("If-Match")), file.edits());
        return file.records().isEmpty()
                ? new ApiReply.Result(result(file, 0), Map.of(), messages(file, List.of()))
                : changes.applyTelling(
                        change,
                        applied -> imported(file, change, applied),
                        invalid -> new ApiReply.Failed(refused(file, invalid)));
    }

    private ApiReply imported(ZoneFile file, ChangeSet change, ChangeOutcome.Applied applied) {
        List<ZoneFileRecord> present = new ArrayList<>();
        for (int i = 0; i < file.records().size(); i++) {
            if (applied.records().get(i).isEmpty()) {
                present.add(file.records().get(i));
            }
        }
        ZoneFile told = file.withWarnings(caveats(file, change, applied), limits.notesMax());
        return Changes.done(result(told, present.size()), applied, messages(told, present));
    }

    /** Which records are answered otherwise than they stand, each said once. */
    private static List<ZoneFileNote> caveats(ZoneFile file, ChangeSet change, ChangeOutcome.Applied applied) {
        Map<String, ZoneFileNote> caveats = new LinkedHashMap<>();
        for (ChangeMessages.Caveat caveat : ChangeMessages.caveats(change, applied)) {
            int line = file.records().get(caveat.edit()).line();
            caveats.putIfAbsent(line + caveat.said(), new ZoneFileNote(file.file(), line, caveat.said()));
        }
        return List.copyOf(caveats.values());
    }

    /** The warnings, and which records were there already, by their lines. */
    private List<Detail> messages(ZoneFile file, List<ZoneFileRecord> present) {
        List<Detail> messages = new ArrayList<>();
        file.warnings().forEach(note -> messages.add(message(WARNING, note.said(), note.line())));
        int untold = file.warningCount() - file.warnings().size();
        if (untold > 0) {
            messages.add(new Detail(WARNING, "and " + untold + " more warnings"));
        }
        for (ZoneFileRecord record : present.subList(0, Math.min(limits.notesMax(), present.size()))) {
            RecordDraft draft = record.draft();
            String said = "left as it is: the zone has " + draft.name() + " " + draft.type() + " "
                    + draft.content().orElse("") + " already";
            messages.add(message(PRESENT, said, record.line()));
        }
        if (present.size() > limits.notesMax()) {
            messages.add(
                    new Detail(PRESENT, "and " + (present.size() - limits.notesMax()) + " more were there already"));
        }
        return messages;
    }

    private static Detail message(int code, String said, int line) {
        return new Detail(code, said).atLine(line);
    }

    private ZoneFile parse(Call call, ZoneState zone) throws IOException {
        String type = call.header("Content-Type").orElse("");
        String boundary = MultipartForm.boundary(type)
                .orElseThrow(() -> new ApiException(ApiError.invalid("file", "expected a multipart/form-data body")));
        MultipartForm form = MultipartForm.read(call.upload().orElseThrow(), boundary);
        Part part = form.part("file")
                .orElseThrow(() -> new ApiException(ApiError.invalid("file", "expected a form field of that name")));
        boolean isProxied = form.text("proxied").orElse("false").equalsIgnoreCase("true");
        try (Reader in = new InputStreamReader(form.open(part), StandardCharsets.UTF_8)) {
            ZoneFile file = new ZoneFileReader(zone.zone().name(), rules, limits)
                    .read(in, part.fileName().orElse("file"));
            return isProxied ? file.proxiedByDefault() : file;
        }
    }

    private static JsonObject result(ZoneFile file, int present) {
        JsonArray warnings = new JsonArray();
        file.warnings()
                .forEach(note ->
                        warnings.add(new JsonObject().put("line", note.line()).put("message", note.said())));
        return new JsonObject()
                .put("recs_added", file.records().size() - present)
                .put("total_records_parsed", file.records().size())
                .put("warnings", warnings);
    }

    /** The rules that the readable records break, so that one answer tells all that is wrong with a file. */
    private Invalid broken(ZoneState zone, ZoneFile file) {
        Plan plan = ChangePreview.of(
                Optional.of(zone), new ChangeSet(zone.zone().name(), OptionalLong.empty(), file.edits()), rules);
        return plan instanceof Plan.Refused refused ? new Invalid(refused.errors()) : new Invalid(List.of());
    }

    /** Lines that cannot be read, then rules broken between records; where in the file, as far as that can be told. */
    private ApiError refused(ZoneFile file, Invalid invalid) {
        List<Detail> details = new ArrayList<>();
        file.errors().forEach(note -> details.add(detail(note)));
        int toldMax = limits.notesMax();
        for (EditError error :
                invalid.errors().subList(0, Math.min(toldMax, invalid.errors().size()))) {
            Optional<ZoneFileNote> note = file.locate(error, 0);
            ChangeErrors.details(error.error(), "")
                    .forEach(detail -> details.add(
                            note.isPresent() ? detail.atLine(note.get().line()) : detail));
        }
        int untold = file.errorCount()
                - file.errors().size()
                + Math.max(0, invalid.errors().size() - toldMax);
        if (untold > 0) {
            details.add(new Detail(1004, "and " + untold + " more"));
        }
        return new ApiError(400, details, Map.of());
    }

    private static Detail detail(ZoneFileNote note) {
        return new Detail(1004, "DNS Validation Error", List.of(new Detail(9005, note.said())), "/file")
                .atLine(note.line());
    }
}
