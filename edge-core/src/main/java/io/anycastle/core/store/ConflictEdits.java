package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.state.Conflict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What puts the loser of a merge in the place of the winner. */
public final class ConflictEdits {
    private ConflictEdits() {}

    /** The edits that apply what lost again and take it off the list. */
    public static ChangeSet again(DomainName zone, Optional<ZoneState> state, Conflict conflict) {
        List<Edit> edits = new ArrayList<>(
                switch (conflict.lost()) {
                    case Conflict.Name name -> records(state, name.records());
                    case Conflict.Text text -> List.of(document(text));
                    case Conflict.Settings settings -> List.of(settings(settings.zone()));
                    case Conflict.Deletion ignored -> List.of(new Edit.DeleteZone());
                });
        edits.add(new Edit.SettleConflict(conflict.id()));
        return ChangeSet.of(zone, edits.toArray(Edit[]::new));
    }

    private static List<Edit> records(Optional<ZoneState> state, NameRecords lost) {
        List<Edit> edits = new ArrayList<>();
        state.flatMap(s -> s.at(lost.name()))
                .map(NameRecords::records)
                .orElse(List.of())
                .forEach(record -> edits.add(new Edit.DeleteRecord(record.id())));
        lost.records().forEach(record -> edits.add(new Edit.CreateRecord(draft(record))));
        return edits;
    }

    /** What the record would be asked for as. */
    static RecordDraft draft(Record record) {
        Optional<Integer> priority =
                record.priority().isPresent() ? Optional.of(record.priority().getAsInt()) : Optional.empty();
        return new RecordDraft(
                record.name() + ".",
                record.type().name(),
                Optional.of(record.content()),
                Map.of(),
                priority,
                Optional.of(record.ttl().seconds()),
                Optional.of(record.proxied()),
                Optional.of(record.settings()),
                Optional.of(record.comment()),
                Optional.of(record.tags()),
                OriginDraft.of(record.origin()));
    }

    private static Edit document(Conflict.Text text) {
        String key = text.document().key();
        return text.document()
                .json()
                .<Edit>map(json -> new Edit.PutDocument(key, json))
                .orElseGet(() -> new Edit.DeleteDocument(key));
    }

    private static Edit settings(Zone zone) {
        return new Edit.ChangeZone(Optional.of(zone.status()), Optional.of(zone.paused()), Optional.of(zone.type()));
    }
}
