package io.anycastle.core.store.merge;

import java.util.concurrent.atomic.LongAdder;

/** What was compared, pulled and merged since the store was opened. */
public final class MergeCounters {
    public final LongAdder catchUps = new LongAdder();
    public final LongAdder merges = new LongAdder();
    public final LongAdder conflictsFound = new LongAdder();
}
