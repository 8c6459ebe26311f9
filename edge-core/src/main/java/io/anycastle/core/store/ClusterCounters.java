package io.anycastle.core.store;

import java.util.concurrent.atomic.LongAdder;

/** What the cluster layer has counted since the store was opened. */
final class ClusterCounters {
    final LongAdder starts = new LongAdder();
    final LongAdder catchUpsAsked = new LongAdder();
}
