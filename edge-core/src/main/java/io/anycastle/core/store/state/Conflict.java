package io.anycastle.core.store.state;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;

/**
 * What lost when two parts of a cut cluster were merged; kept until it is applied again, dismissed or pushed out by later ones.
 *
 * @param id 32 lower-case hex digits
 * @param merged when the merge was made
 * @param winner the stamp of what stands instead
 */
public record Conflict(String id, Stamp merged, Stamp winner, Lost lost) {
    /** The value that lost. */
    public sealed interface Lost {
        Stamp stamp();
    }

    /** A name's records; without records, a deletion of the name. */
    public record Name(NameRecords records) implements Lost {
        @Override
        public Stamp stamp() {
            return records.stamp();
        }
    }

    /** A document, or its deletion. */
    public record Text(Document document) implements Lost {
        @Override
        public Stamp stamp() {
            return document.stamp();
        }
    }

    /** The zone's settings: type, status, paused. */
    public record Settings(Zone zone, Stamp stamp) implements Lost {}

    /** The deletion of the whole zone. */
    public record Deletion(Stamp stamp) implements Lost {}
}
