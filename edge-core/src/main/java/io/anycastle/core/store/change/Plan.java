package io.anycastle.core.store.change;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a change set would do to a zone, worked out without doing it. */
public sealed interface Plan {
    /**
     * The change set is valid.
     *
     * @param after the next state, its version one higher; empty when the zone is deleted
     * @param names whose records differ
     * @param documents whose text differs, by key
     * @param settled conflicts that are no longer to be listed, by id
     * @param records per edit the record that it writes or deletes; empty for zone edits
     */
    record Planned(
            Optional<ZoneState> after,
            Set<DomainName> names,
            Set<String> documents,
            Set<String> settled,
            List<Optional<Record>> records)
            implements Plan {
        public Planned {
            names = Set.copyOf(names);
            documents = Set.copyOf(documents);
            settled = Set.copyOf(settled);
            records = List.copyOf(records);
        }
    }

    /** At least one edit breaks a rule; every error that can be told is told. */
    record Refused(List<ChangeOutcome.EditError> errors) implements Plan {
        public Refused {
            errors = List.copyOf(errors);
        }
    }
}
