package io.anycastle.core.store.cluster;

import java.util.concurrent.atomic.LongAdder;

/** What the cluster layer has counted since the store was opened. */
public final class ClusterCounters {
    public final LongAdder starts = new LongAdder();
    public final LongAdder catchUpsAsked = new LongAdder();
}
