package io.anycastle.core.store;

import java.util.concurrent.atomic.LongAdder;

/** What was compared, pulled and merged since the store was opened. */
final class MergeCounters {
    final LongAdder catchUps = new LongAdder();
    final LongAdder merges = new LongAdder();
    final LongAdder conflictsFound = new LongAdder();
}
