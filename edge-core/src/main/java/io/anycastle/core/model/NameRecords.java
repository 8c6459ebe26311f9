package io.anycastle.core.model;

import java.util.List;

/**
 * All records of one name: the unit that is written, merged and compiled. Without records it is a tombstone.
 */
public record NameRecords(DomainName name, Stamp stamp, List<Record> records, UnknownFields unknown) {
    public NameRecords {
        records = List.copyOf(records);
    }

    public NameRecords(DomainName name, Stamp stamp, List<Record> records) {
        this(name, stamp, records, UnknownFields.NONE);
    }

    /** The same records, written then. */
    public NameRecords at(Stamp other) {
        return new NameRecords(name, other, records, unknown);
    }

    public boolean isTombstone() {
        return records.isEmpty();
    }

    public boolean isProxied() {
        return records.stream().anyMatch(Record::proxied);
    }
}
