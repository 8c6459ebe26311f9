package io.anycastle.core.store;

import java.util.concurrent.atomic.LongAdder;

/** What Hazelcast clients have written since the store was opened. */
final class ClientCounters {
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
}
