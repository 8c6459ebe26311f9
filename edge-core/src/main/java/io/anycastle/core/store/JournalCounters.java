package io.anycastle.core.store;

import java.util.concurrent.atomic.LongAdder;

/** What the journal has counted since it was opened. */
final class JournalCounters {
    final LongAdder fsyncs = new LongAdder();
    final LongAdder entries = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder snapshots = new LongAdder();
    final LongAdder snapshotMillis = new LongAdder();
}
