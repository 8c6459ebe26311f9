package io.anycastle.core.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A zone's records by id, put in order when somebody wants that: answers need no ids, so a node that starts does it once it answers. Any
 * thread; whoever wants a record by its id before it is done waits.
 */
final class LazyIndex {
    static final LazyIndex EMPTY = of(RecordIndex.EMPTY);

    private final int size;

    /** Null once the index is there. Guarded by this. */
    private @Nullable Collection<NameRecords> names;

    private volatile @Nullable RecordIndex index;
    private volatile boolean wanted;

    private LazyIndex(int size, @Nullable Collection<NameRecords> names, @Nullable RecordIndex index) {
        this.size = size;
        this.names = names;
        this.index = index;
        wanted = index != null;
    }

    static LazyIndex of(RecordIndex index) {
        return new LazyIndex(index.size(), null, index);
    }

    /**
     * Of all records of those names, whose ids must differ.
     *
     * @param size how many records that are
     */
    static LazyIndex of(Collection<NameRecords> names, int size) {
        return new LazyIndex(size, names, null);
    }

    int size() {
        return size;
    }

    /** Whether the order is there or on its way: what follows from it can be had for little. */
    boolean isWanted() {
        return wanted;
    }

    RecordIndex get() {
        RecordIndex ready = index;
        return ready != null ? ready : build();
    }

    private synchronized RecordIndex build() {
        wanted = true;
        RecordIndex ready = index;
        if (ready == null) {
            List<Record> records = new ArrayList<>(size);
            Objects.requireNonNull(names).forEach(name -> records.addAll(name.records()));
            ready = RecordIndex.of(records);
            index = ready;
            names = null;
        }
        return ready;
    }

    /** Begins to put them in order, so that nobody waits who asks later. */
    void prepare() {
        if (index == null) {
            wanted = true;
            CompletableFuture.runAsync(this::get);
        }
    }
}
