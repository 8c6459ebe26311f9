package io.anycastle.core.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.pcollections.HashPMap;
import org.pcollections.TreePMap;

/**
 * A zone with all its records at one version: an immutable value that shares what did not change with the version before.
 */
public final class ZoneState {
    /** From this share of the zone's names on, one pass over all of them is cheaper than one change after the other. */
    private static final int BULK_SHARE = 16;

    private static final int BULK_NAMES_MIN = 64;

    private final Zone zone;
    private final TreePMap<DomainName, NameRecords> names;
    private final LazyIndex records;
    private final ZoneDocuments documents;

    private ZoneState(Zone zone, TreePMap<DomainName, NameRecords> names, LazyIndex records, ZoneDocuments documents) {
        this.zone = zone;
        this.names = names;
        this.records = records;
        this.documents = documents;
    }

    public static ZoneState empty(Zone zone) {
        return new ZoneState(zone, TreePMap.empty(), LazyIndex.EMPTY, ZoneDocuments.NONE);
    }

    public Zone zone() {
        return zone;
    }

    /** Live names only, in canonical order; tombstones are the store's business. */
    public TreePMap<DomainName, NameRecords> names() {
        return names;
    }

    /** Live ones only, by key. */
    public HashPMap<String, Document> documents() {
        return documents.live();
    }

    /** How the zone answers, as far as it is set for the zone itself. */
    public DnsSettings dnsSettings() {
        return documents.dns();
    }

    /** How the proxy serves the zone's hosts, as far as it is set for the zone itself. */
    public ProxySettings proxySettings() {
        return documents.proxy();
    }

    /** What the zone's hosts show of their own in the place of errors, and while they are down for maintenance. */
    public ZonePages pages() {
        return documents.pages();
    }

    /** Whether proxied records of this zone stand for the edge; otherwise every record answers its content. */
    public boolean isProxying() {
        return zone.isProxying() && dnsSettings().mode() == ZoneMode.STANDARD;
    }

    public ZoneState withZone(Zone changed) {
        return new ZoneState(changed, names, records, documents);
    }

    /** The state in which the document is that one; a tombstone removes it. */
    public ZoneState with(Document changed) {
        return new ZoneState(zone, names, records, documents.with(changed));
    }

    /**
     * The state in which the name has just these records; a tombstone removes the name. A record that moves from one name to another may
     * come and go in either order.
     */
    public ZoneState with(NameRecords changed) {
        NameRecords before = names.get(changed.name());
        List<Record> gone = before == null ? List.of() : before.records();
        var after = changed.isTombstone() ? names.minus(changed.name()) : names.plus(changed.name(), changed);
        LazyIndex index = records.isWanted()
                ? LazyIndex.of(changed(records.get(), gone, changed.records()))
                : LazyIndex.of(
                        after.values(),
                        records.size() - gone.size() + changed.records().size());
        return new ZoneState(zone, after, index, documents);
    }

    private static RecordIndex changed(RecordIndex index, List<Record> gone, List<Record> come) {
        RecordIndex after = index;
        for (Record record : gone) {
            after = after.minus(record);
        }
        for (Record record : come) {
            after = after.plus(record);
        }
        return after;
    }

    /** Whether names are in canonical order and each is there once. */
    public static boolean areInOrder(List<NameRecords> names) {
        return SortedNames.isSorted(names);
    }

    /** The same for many names, each given once, in any order; in one pass over the zone where that is cheaper. */
    public ZoneState with(Collection<NameRecords> changed) {
        if (changed.size() < BULK_NAMES_MIN || changed.size() < names.size() / BULK_SHARE) {
            ZoneState state = this;
            for (NameRecords one : changed) {
                state = state.with(one);
            }
            return state;
        }
        List<NameRecords> sorted = SortedNames.sorted(changed);
        if (names.isEmpty()) {
            sorted.removeIf(NameRecords::isTombstone);
            return ofSorted(sorted);
        }
        return ofSorted(SortedNames.merge(names.values(), sorted));
    }

    private ZoneState ofSorted(List<NameRecords> live) {
        int size = live.stream().mapToInt(name -> name.records().size()).sum();
        return new ZoneState(zone, TreePMap.fromSortedMap(new SortedNames(live)), LazyIndex.of(live, size), documents);
    }

    public Optional<NameRecords> at(DomainName name) {
        return Optional.ofNullable(names.get(name));
    }

    public Optional<Document> document(String key) {
        return Optional.ofNullable(documents().get(key));
    }

    public Optional<Record> record(String id) {
        return records.get().get(id);
    }

    /** Begins to put the records in order by id where they are not yet; who wants one by its id before that is done waits. */
    public void prepareIndex() {
        records.prepare();
    }

    /** Whether the name exists in the DNS sense: it has records, or a name below it has (RFC 4592 section 2.2.2). */
    public boolean exists(DomainName name) {
        if (name.equals(zone.name())) {
            return true;
        }
        SortedMap<DomainName, NameRecords> from = names.tailMap(name);
        return !from.isEmpty() && from.firstKey().isAtOrBelow(name);
    }

    /**
     * Whether a CNAME at that name is followed into this zone: not from outside into a partial zone, whose names mean there what public
     * DNS says.
     */
    public boolean isReachedFrom(DomainName alias) {
        return zone.type() != ZoneType.PARTIAL || alias.isAtOrBelow(zone.name());
    }

    public int recordCount() {
        return records.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ZoneState state
                && zone.equals(state.zone)
                && names.equals(state.names)
                && documents().equals(state.documents());
    }

    @Override
    public int hashCode() {
        return zone.hashCode();
    }

    @Override
    public String toString() {
        return zone + " with " + names.size() + " names, " + recordCount() + " records";
    }
}
