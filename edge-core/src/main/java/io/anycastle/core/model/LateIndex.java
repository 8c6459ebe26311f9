package io.anycastle.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A zone's records by id, which for a large zone are put in order while the zone is used already: answers need no ids, so a node that
 * starts answers meanwhile. Whoever wants a record by its id before that waits.
 */
final class LateIndex {
    /** From here on a second thread is worth its start. */
    private static final int NAMES_MIN = 20_000;

    static final LateIndex EMPTY = of(RecordIndex.EMPTY);

    private final CompletableFuture<Integer> size;
    private final CompletableFuture<RecordIndex> index;

    private LateIndex(CompletableFuture<Integer> size, CompletableFuture<RecordIndex> index) {
        this.size = size;
        this.index = index;
    }

    static LateIndex of(RecordIndex index) {
        return new LateIndex(CompletableFuture.completedFuture(index.size()), CompletableFuture.completedFuture(index));
    }

    /** Of all records of those names; ids must differ. */
    static LateIndex of(List<NameRecords> names) {
        if (names.size() < NAMES_MIN) {
            return of(RecordIndex.of(recordsOf(names)));
        }
        CompletableFuture<List<Record>> records = CompletableFuture.supplyAsync(() -> recordsOf(names));
        return new LateIndex(records.thenApply(List::size), records.thenApplyAsync(RecordIndex::of));
    }

    private static List<Record> recordsOf(List<NameRecords> names) {
        List<Record> all = new ArrayList<>(names.size());
        names.forEach(name -> all.addAll(name.records()));
        return all;
    }

    int size() {
        return size.join();
    }

    RecordIndex get() {
        return index.join();
    }
}
