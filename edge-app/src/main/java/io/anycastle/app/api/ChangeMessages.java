package io.anycastle.app.api;

import io.anycastle.app.api.ApiError.Detail;
import io.anycastle.core.model.Record;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.view.Caveats;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** What there is to say of a change that was made: which of its records are answered otherwise than they stand. */
final class ChangeMessages {
    /** The code of such a message. */
    static final int CAVEAT = 10303;

    private ChangeMessages() {}

    /** @param at where in the request an edit stands, as the front of a JSON pointer; empty for a single record */
    static List<Detail> of(ChangeSet change, ChangeOutcome.Applied applied, IntFunction<String> at) {
        List<Detail> messages = new ArrayList<>();
        boolean isNew = change.edits().stream().anyMatch(Edit.CreateZone.class::isInstance);
        if (isNew) {
            Caveats.ofZone(change.zone()).ifPresent(said -> messages.add(new Detail(CAVEAT, said)));
        }
        Set<String> said = new HashSet<>();
        caveats(change, applied).forEach(caveat -> {
            if (said.add(caveat.said)) {
                messages.add(new Detail(CAVEAT, caveat.said, List.of(), at.apply(caveat.edit)));
            }
        });
        return messages;
    }

    /** A caveat and the edit that wrote its record. */
    record Caveat(int edit, String said) {}

    /** Of the records that the change wrote, in the order of its edits. */
    static List<Caveat> caveats(ChangeSet change, ChangeOutcome.Applied applied) {
        List<Caveat> found = new ArrayList<>();
        Caveats caveats = new Caveats(applied.state());
        for (int i = 0; i < applied.records().size(); i++) {
            Optional<Record> record = applied.records().get(i);
            if (record.isPresent() && !(change.edits().get(i) instanceof Edit.DeleteRecord)) {
                for (String said : caveats.of(record.get())) {
                    found.add(new Caveat(i, said));
                }
            }
        }
        return found;
    }
}
