package io.anycastle.core.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records by id: an immutable hash trie (Bagwell 2001) that shares what did not change with the index before.
 *
 * <p>Sixteen ways at each level; at the bottom small unordered arrays of records, so that an index costs about ten bytes a record and no
 * object of its own for each. Ids are random, or clients chose them: they are mixed before their bits are used, and arrays at the last
 * level grow as they must.
 */
final class RecordIndex {
    static final RecordIndex EMPTY = new RecordIndex(new Record[0], 0);
    private static final int LEAF_RECORDS_MAX = 8;
    private static final int BITS = 4;
    private static final int WAYS = 1 << BITS;
    private static final int SHIFT_MAX = Long.SIZE - BITS;

    /** {@code Record[]} at the bottom, {@code Object[WAYS]} of either above it. */
    private final @Nullable Object[] root;

    private final int size;

    private RecordIndex(@Nullable Object[] root, int size) {
        this.root = root;
        this.size = size;
    }

    /** All of them at once; ids must differ. */
    static RecordIndex of(Collection<Record> records) {
        Record[] all = records.toArray(Record[]::new);
        return all.length == 0
                ? EMPTY
                : new RecordIndex(build(all, 0, all.length, new Record[all.length], 0), all.length);
    }

    /** Sorts the part into its sixteen ways, by way of the spare array, and goes on in each. */
    private static @Nullable Object[] build(Record[] all, int from, int to, Record[] spare, int shift) {
        if (to - from <= LEAF_RECORDS_MAX || shift > SHIFT_MAX) {
            return Arrays.copyOfRange(all, from, to);
        }
        int[] ends = new int[WAYS + 1];
        for (int i = from; i < to; i++) {
            ends[way(hash(all[i]), shift) + 1]++;
        }
        for (int way = 0; way < WAYS; way++) {
            ends[way + 1] += ends[way];
        }
        int[] next = Arrays.copyOf(ends, WAYS);
        for (int i = from; i < to; i++) {
            spare[from + next[way(hash(all[i]), shift)]++] = all[i];
        }
        System.arraycopy(spare, from, all, from, to - from);
        @Nullable Object[] node = new Object[WAYS];
        for (int way = 0; way < WAYS; way++) {
            if (ends[way] < ends[way + 1]) {
                node[way] = build(all, from + ends[way], from + ends[way + 1], spare, shift + BITS);
            }
        }
        return node;
    }

    int size() {
        return size;
    }

    /** The record with that id; empty as well when the text is no id. */
    Optional<Record> get(String id) {
        if (!RecordRow.isId(id)) {
            return Optional.empty();
        }
        long high = HexFormat.fromHexDigitsToLong(id, 0, 16);
        long low = HexFormat.fromHexDigitsToLong(id, 16, 32);
        return Optional.ofNullable(find(high, low));
    }

    private @Nullable Record find(long high, long low) {
        long hash = hash(high, low);
        @Nullable Object[] node = root;
        for (int shift = 0; !(node instanceof Record[]); shift += BITS) {
            @Nullable Object[] below = (@Nullable Object[]) node[way(hash, shift)];
            if (below == null) {
                return null;
            }
            node = below;
        }
        for (Record record : (Record[]) node) {
            if (record.idHigh() == high && record.idLow() == low) {
                return record;
            }
        }
        return null;
    }

    /** The index with that record in place of the one with its id, if there is one. */
    RecordIndex plus(Record record) {
        boolean isNew = find(record.idHigh(), record.idLow()) == null;
        return new RecordIndex(plus(root, record, 0), isNew ? size + 1 : size);
    }

    private static @Nullable Object[] plus(@Nullable Object[] node, Record record, int shift) {
        if (node instanceof Record[] leaf) {
            return plus(leaf, record, shift);
        }
        int way = way(hash(record), shift);
        @Nullable Object[] copy = node.clone();
        @Nullable Object[] below = (@Nullable Object[]) node[way];
        copy[way] = below == null ? new Record[] {record} : plus(below, record, shift + BITS);
        return copy;
    }

    private static @Nullable Object[] plus(Record[] leaf, Record record, int shift) {
        for (int i = 0; i < leaf.length; i++) {
            if (leaf[i].hasIdOf(record)) {
                Record[] copy = leaf.clone();
                copy[i] = record;
                return copy;
            }
        }
        Record[] more = Arrays.copyOf(leaf, leaf.length + 1);
        more[leaf.length] = record;
        return build(more, 0, more.length, new Record[more.length], shift);
    }

    /** The index without the record, if it lies there under the name that it has here; another may have got its id meanwhile. */
    RecordIndex minus(Record record) {
        Record found = find(record.idHigh(), record.idLow());
        if (found == null || !found.name().equals(record.name())) {
            return this;
        }
        @Nullable Object[] left = minus(root, record, 0);
        return left == null ? EMPTY : new RecordIndex(left, size - 1);
    }

    /** Null when nothing is left; an inner node stays one, however little it holds. */
    private static @Nullable Object @Nullable [] minus(@Nullable Object[] node, Record record, int shift) {
        if (node instanceof Record[] leaf) {
            return minus(leaf, record);
        }
        int way = way(hash(record), shift);
        @Nullable Object[] copy = node.clone();
        copy[way] = minus((@Nullable Object[]) Objects.requireNonNull(node[way]), record, shift + BITS);
        return Arrays.stream(copy).allMatch(below -> below == null) ? null : copy;
    }

    private static Record @Nullable [] minus(Record[] leaf, Record record) {
        Record[] left = new Record[leaf.length - 1];
        int kept = 0;
        for (Record one : leaf) {
            if (!one.hasIdOf(record)) {
                left[kept++] = one;
            }
        }
        return kept == 0 ? null : left;
    }

    private static int way(long hash, int shift) {
        return (int) (hash >>> shift) & (WAYS - 1);
    }

    private static long hash(Record record) {
        return hash(record.idHigh(), record.idLow());
    }

    private static long hash(long high, long low) {
        long mixed = (high ^ Long.rotateLeft(low, 29)) * 0x9e3779b97f4a7c15L;
        return mixed ^ (mixed >>> 32);
    }
}
