package io.anycastle.core.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A list of names in canonical order, each once, dressed as the map that a persistent map is built from in one pass. */
@SuppressWarnings("JdkObsolete") // the oldest of the map types is what a persistent map takes
final class SortedNames extends AbstractMap<DomainName, NameRecords> implements SortedMap<DomainName, NameRecords> {
    private final List<NameRecords> names;

    /** @param names in canonical order, each once */
    SortedNames(List<NameRecords> names) {
        this.names = names;
    }

    /** A list of its own with the names in order; of one that is there twice the later counts. */
    static List<NameRecords> sorted(Collection<NameRecords> names) {
        List<NameRecords> sorted = new ArrayList<>(names);
        if (isSorted(sorted)) {
            return sorted;
        }
        sorted.sort(Comparator.comparing(NameRecords::name));
        return isSorted(sorted) ? sorted : merge(List.of(), sorted);
    }

    static boolean isSorted(List<NameRecords> names) {
        for (int i = 1; i < names.size(); i++) {
            if (names.get(i - 1).name().compareTo(names.get(i).name()) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Both in order; where both have a name, the second one's counts. Names without records fall out. */
    static List<NameRecords> merge(Collection<NameRecords> before, Collection<NameRecords> changed) {
        List<NameRecords> merged = new ArrayList<>(before.size() + changed.size());
        Iterator<NameRecords> old = before.iterator();
        NameRecords next = old.hasNext() ? old.next() : null;
        for (NameRecords change : changed) {
            while (next != null && next.name().compareTo(change.name()) <= 0) {
                add(merged, next);
                next = old.hasNext() ? old.next() : null;
            }
            add(merged, change);
        }
        for (; next != null; next = old.hasNext() ? old.next() : null) {
            add(merged, next);
        }
        merged.removeIf(NameRecords::isTombstone);
        return merged;
    }

    private static void add(List<NameRecords> merged, NameRecords name) {
        if (!merged.isEmpty() && merged.getLast().name().equals(name.name())) {
            merged.removeLast();
        }
        merged.add(name);
    }

    @Override
    public Set<Entry<DomainName, NameRecords>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<DomainName, NameRecords>> iterator() {
                Iterator<NameRecords> each = names.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return each.hasNext();
                    }

                    @Override
                    public Entry<DomainName, NameRecords> next() {
                        NameRecords name = each.next();
                        return Map.entry(name.name(), name);
                    }
                };
            }

            @Override
            public int size() {
                return names.size();
            }
        };
    }

    @Override
    public @Nullable Comparator<? super DomainName> comparator() {
        return null; // the natural order
    }

    @Override
    public SortedMap<DomainName, NameRecords> subMap(DomainName from, DomainName to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<DomainName, NameRecords> headMap(DomainName to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<DomainName, NameRecords> tailMap(DomainName from) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DomainName firstKey() {
        return names.getFirst().name();
    }

    @Override
    public DomainName lastKey() {
        return names.getLast().name();
    }
}
