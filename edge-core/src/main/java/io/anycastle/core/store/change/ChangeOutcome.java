package io.anycastle.core.store.change;

import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import java.util.List;
import java.util.Optional;

/** What became of a change set. */
public sealed interface ChangeOutcome {
    /**
     * Done and durable.
     *
     * @param state the zone after the change; after a deletion, as it last was
     * @param records per edit the record that it wrote or deleted; empty for zone edits
     * @param disks on how many nodes' disks the change lies
     */
    record Applied(ZoneState state, List<Optional<Record>> records, int disks) implements ChangeOutcome {
        public Applied {
            records = List.copyOf(records);
        }
    }

    /** Refused; nothing changed. At least one error, each with the index of its edit. */
    record Invalid(List<EditError> errors) implements ChangeOutcome {
        public Invalid {
            errors = List.copyOf(errors);
        }
    }

    /** The zone is not at the expected version; nothing changed. */
    record VersionConflict(long currentVersion) implements ChangeOutcome {}

    /** Not possible now (disk full, store not joined, quorum missing); nothing changed. The reason is for the operator. */
    record Unavailable(String reason) implements ChangeOutcome {}

    /** Nobody knows whether the change was applied: the write was cut off in flight. */
    record Unknown(String reason) implements ChangeOutcome {}

    /** An error and which edit of the change set it belongs to, from 0. */
    record EditError(int edit, FieldError error) {}
}
