package io.anycastle.core.resolve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What was asked of the DNS beyond this node since its start. Any thread. */
public final class ResolveCounters {
    final LongAdder questions = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder overLimit = new LongAdder();
    final LongAdder oversized = new LongAdder();
    final LongAdder kept = new LongAdder();

    /** Every counter by name, in a fixed order; names are stable. */
    public Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("resolver_questions", questions.sum());
        all.put("resolver_messages_sent", sent.sum());
        all.put("resolver_failures", failures.sum());
        all.put("resolver_over_limit", overLimit.sum());
        all.put("resolver_oversized_answers", oversized.sum());
        all.put("resolver_cache_hits", kept.sum());
        return all;
    }
}
