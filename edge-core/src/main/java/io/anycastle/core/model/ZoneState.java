package io.anycastle.core.model;

import java.util.Optional;
import java.util.SortedMap;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/**
 * A zone with all its records at one version: an immutable value that shares what did not change with the version before.
 *
 * @param names live names only, in canonical order; tombstones are the store's business
 * @param nameById in which name's records a record lies
 * @param documents live ones only, by key
 */
public record ZoneState(
        Zone zone,
        TreePMap<DomainName, NameRecords> names,
        HashPMap<String, DomainName> nameById,
        HashPMap<String, Document> documents) {

    public static ZoneState empty(Zone zone) {
        return new ZoneState(zone, TreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());
    }

    public ZoneState withZone(Zone changed) {
        return new ZoneState(changed, names, nameById, documents);
    }

    /** The state in which the document is that one; a tombstone removes it. */
    public ZoneState with(Document changed) {
        var after = changed.isTombstone() ? documents.minus(changed.key()) : documents.plus(changed.key(), changed);
        return new ZoneState(zone, names, nameById, after);
    }

    /**
     * The state in which the name has just these records; a tombstone removes the name. A record that moves from one name to another may
     * come and go in either order.
     */
    public ZoneState with(NameRecords changed) {
        HashPMap<String, DomainName> ids = nameById;
        NameRecords before = names.get(changed.name());
        if (before != null) {
            for (Record record : before.records()) {
                DomainName lies = ids.get(record.id());
                ids = lies != null && lies.equals(changed.name()) ? ids.minus(record.id()) : ids;
            }
        }
        for (Record record : changed.records()) {
            ids = ids.plus(record.id(), changed.name());
        }
        var after = changed.isTombstone() ? names.minus(changed.name()) : names.plus(changed.name(), changed);
        return new ZoneState(zone, after, ids, documents);
    }

    public Optional<NameRecords> at(DomainName name) {
        return Optional.ofNullable(names.get(name));
    }

    public Optional<Document> document(String key) {
        return Optional.ofNullable(documents.get(key));
    }

    public Optional<Record> record(String id) {
        return Optional.ofNullable(nameById.get(id))
                .flatMap(this::at)
                .flatMap(at ->
                        at.records().stream().filter(r -> r.id().equals(id)).findFirst());
    }

    /** Whether the name exists in the DNS sense: it has records, or a name below it has (RFC 4592 section 2.2.2). */
    public boolean exists(DomainName name) {
        if (name.equals(zone.name())) {
            return true;
        }
        SortedMap<DomainName, NameRecords> from = names.tailMap(name);
        return !from.isEmpty() && from.firstKey().isAtOrBelow(name);
    }

    public int recordCount() {
        return nameById.size();
    }
}
