package io.anycastle.core.activation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the checks of this node have come to since its start. Any thread. */
public final class CheckCounters {
    private final Map<CheckVerdict, LongAdder> verdicts = new LinkedHashMap<>();
    final LongAdder activated = new LongAdder();
    final LongAdder moved = new LongAdder();
    final LongAdder deleted = new LongAdder();
    final LongAdder unwritten = new LongAdder();

    public CheckCounters() {
        for (CheckVerdict verdict : CheckVerdict.values()) {
            verdicts.put(verdict, new LongAdder());
        }
    }

    void ended(CheckVerdict verdict) {
        verdicts.getOrDefault(verdict, unwritten).increment();
    }

    /**
     * Every counter by name, in a fixed order; names are stable: {@code checks.ours} and so on for each verdict, {@code activated},
     * {@code moved}, {@code deleted}, and {@code unwritten_checks} for checks whose outcome the store did not take.
     */
    public Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        verdicts.forEach((verdict, count) -> all.put("checks." + verdict.name().toLowerCase(Locale.ROOT), count.sum()));
        all.put("activated", activated.sum());
        all.put("moved", moved.sum());
        all.put("deleted", deleted.sum());
        all.put("unwritten_checks", unwritten.sum());
        return Collections.unmodifiableMap(all);
    }
}
