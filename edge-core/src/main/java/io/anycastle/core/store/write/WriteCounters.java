package io.anycastle.core.store.write;

import java.util.concurrent.atomic.LongAdder;

/** What was counted on the way of changes, of this node and from others, since the store was opened. */
public final class WriteCounters {
    public final LongAdder retries = new LongAdder();
    public final LongAdder viewUpdates = new LongAdder();
    public final LongAdder deltasFollowed = new LongAdder();
    public final LongAdder deltasBehind = new LongAdder();
    public final LongAdder stampsAhead = new LongAdder();
    public final LongAdder redeliveries = new LongAdder();
}
