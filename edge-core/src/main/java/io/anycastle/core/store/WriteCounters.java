package io.anycastle.core.store;

import java.util.concurrent.atomic.LongAdder;

/** What was counted on the way of changes, of this node and from others, since the store was opened. */
final class WriteCounters {
    final LongAdder retries = new LongAdder();
    final LongAdder viewUpdates = new LongAdder();
    final LongAdder deltasFollowed = new LongAdder();
    final LongAdder deltasBehind = new LongAdder();
    final LongAdder stampsAhead = new LongAdder();
    final LongAdder redeliveries = new LongAdder();
}
