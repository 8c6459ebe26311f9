package io.anycastle.core.store.clients;

import java.util.concurrent.atomic.LongAdder;

/** What Hazelcast clients have written since the store was opened. */
public final class ClientCounters {
    public final LongAdder accepted = new LongAdder();
    public final LongAdder refused = new LongAdder();
}
