package io.anycastle.core.zonefile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.store.change.ChangeOutcome.EditError;
import io.anycastle.core.store.change.Edit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a zone file holds. Import it only when it has no errors.
 *
 * @param file as the user calls it
 * @param errors one for each bad line, at most as many as the limits say
 * @param errorCount of all bad lines
 * @param warnings what was changed or left out
 */
public record ZoneFile(
        String file,
        List<ZoneFileRecord> records,
        List<ZoneFileNote> errors,
        int errorCount,
        List<ZoneFileNote> warnings,
        int warningCount) {
    public ZoneFile {
        records = List.copyOf(records);
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /**
     * The same with more to be said of its lines.
     *
     * @param notesMax how many are kept in full; the others are counted
     */
    public ZoneFile withWarnings(List<ZoneFileNote> more, int notesMax) {
        List<ZoneFileNote> all = Stream.concat(
                        warnings.stream(), more.stream().limit(Math.max(0, notesMax - warnings.size())))
                .toList();
        return new ZoneFile(file, records, errors, errorCount, all, warningCount + more.size());
    }

    /** Proxies each record that can be and whose own {@code cf-proxied} does not say otherwise. */
    public ZoneFile proxiedByDefault() {
        return new ZoneFile(
                file, records.stream().map(ZoneFile::proxied).toList(), errors, errorCount, warnings, warningCount);
    }

    private static ZoneFileRecord proxied(ZoneFileRecord record) {
        boolean canBe = RecordType.named(record.draft().type())
                .filter(RecordType::isProxiable)
                .isPresent();
        return canBe
                        && record.draft().proxied().isEmpty()
                        && DomainName.of(record.draft().name()).isHostName()
                ? new ZoneFileRecord(record.line(), record.draft().withProxied(true))
                : record;
    }

    /** The records as edits, in the order of the file; those that the zone has already stay as they are. */
    public List<Edit> edits() {
        return records.stream().<Edit>map(r -> new Edit.AddRecord(r.draft())).toList();
    }

    /**
     * Where in the file an error of the change set lies; empty when it lies in an edit before those of the file.
     *
     * @param firstEdit the index in the change set at which {@link #edits} begin
     */
    public Optional<ZoneFileNote> locate(EditError error, int firstEdit) {
        int index = error.edit() - firstEdit;
        return index < 0 || index >= records.size()
                ? Optional.empty()
                : Optional.of(new ZoneFileNote(
                        file, records.get(index).line(), error.error().sentence()));
    }
}
