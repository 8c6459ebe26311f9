package io.anycastle.core.store.change;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordPatch;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import java.util.List;
import java.util.Optional;

/** One edit of a zone or of a record in it. */
public sealed interface Edit {
    /** Makes the zone; refused when it exists. Without name servers it takes the node's. */
    record CreateZone(ZoneType type, List<DomainName> nameServers) implements Edit {
        public CreateZone {
            nameServers = List.copyOf(nameServers);
        }
    }

    /** Changes what is present. A zone of another type is pending again, where zones are checked and no status is given. */
    record ChangeZone(Optional<ZoneStatus> status, Optional<Boolean> paused, Optional<ZoneType> type) implements Edit {}

    /** Gives the zone the name servers that a new one takes: those of the node. */
    record TakeNameServers() implements Edit {}

    /** Removes the zone and all its records. */
    record DeleteZone() implements Edit {}

    /** Adds a record. */
    record CreateRecord(RecordDraft draft) implements Edit {}

    /** Adds a record, unless the name has one of that type with that data: then it stays as it is, and nothing is written. */
    record AddRecord(RecordDraft draft) implements Edit {}

    /** Replaces a record; what the draft leaves out goes back to its default. */
    record ReplaceRecord(String id, RecordDraft draft) implements Edit {}

    /** Changes the named fields of a record. */
    record PatchRecord(String id, RecordPatch patch) implements Edit {}

    record DeleteRecord(String id) implements Edit {}

    /** Stores a JSON text under a key, in the place of what is there. */
    record PutDocument(String key, String json) implements Edit {}

    record DeleteDocument(String key) implements Edit {}

    /** Gives the zone these settings, its id and its time of creation among them, and makes it when it is not there. */
    record RestoreZone(Zone settings) implements Edit {}

    /** Gives a name just these records, their ids and times among them; none takes the name away. */
    record RestoreName(NameRecords wanted) implements Edit {}

    /** Takes a conflict off the list. */
    record SettleConflict(String id) implements Edit {}
}
