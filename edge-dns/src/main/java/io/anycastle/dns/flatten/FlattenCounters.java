package io.anycastle.dns.flatten;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What flattening has counted since its start. Any thread. */
public final class FlattenCounters {
    final AtomicInteger names = new AtomicInteger();
    final LongAdder lookups = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder changes = new LongAdder();
    final LongAdder circles = new LongAdder();
    final LongAdder overLimit = new LongAdder();

    /** Every counter by name, in a fixed order; names are stable. {@code flatten_names} is a gauge. */
    public Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("flatten_names", (long) names.get());
        all.put("flatten_lookups", lookups.sum());
        all.put("flatten_failures", failures.sum());
        all.put("flatten_changes", changes.sum());
        all.put("flatten_circles", circles.sum());
        all.put("flatten_over_limit", overLimit.sum());
        return all;
    }
}
