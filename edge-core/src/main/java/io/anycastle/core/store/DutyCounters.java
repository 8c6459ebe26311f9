package io.anycastle.core.store;

import java.util.concurrent.atomic.LongAdder;

/** What this node did as the oldest member since the store was opened. */
final class DutyCounters {
    final LongAdder comparisons = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder headsRestored = new LongAdder();
}
