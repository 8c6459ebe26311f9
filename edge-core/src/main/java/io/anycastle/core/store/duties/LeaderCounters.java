package io.anycastle.core.store.duties;

import java.util.concurrent.atomic.LongAdder;

/** What this node did as the oldest member since the store was opened. */
public final class LeaderCounters {
    public final LongAdder comparisons = new LongAdder();
    public final LongAdder failed = new LongAdder();
    public final LongAdder headsRestored = new LongAdder();
}
