package io.anycastle.core.store.journal;

import java.util.concurrent.atomic.LongAdder;

/** What the journal has counted since it was opened. */
public final class JournalCounters {
    public final LongAdder fsyncs = new LongAdder();
    public final LongAdder entries = new LongAdder();
    public final LongAdder bytes = new LongAdder();
    public final LongAdder failures = new LongAdder();
    public final LongAdder snapshots = new LongAdder();
    public final LongAdder snapshotMillis = new LongAdder();
}
