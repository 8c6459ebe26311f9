package io.anycastle.dns.answer;

import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.guard.Guard;
import io.anycastle.dns.steer.CurrentSteering;
import java.time.InstantSource;

/** What all responders of a DNS service share. */
public record ServiceParts(
        DnsConfig config,
        AnswerTable table,
        CurrentSteering steering,
        DnsCounters counters,
        Guard guard,
        Faults faults) {
    /** Parts that count their faults with the rest. */
    public ServiceParts(
            DnsConfig config, AnswerTable table, CurrentSteering steering, DnsCounters counters, Guard guard) {
        this(config, table, steering, counters, guard, new Faults(counters));
    }

    /** Parts with a guard of their own. */
    public static ServiceParts of(DnsConfig config, AnswerTable table, CurrentSteering steering, DnsCounters counters) {
        return new ServiceParts(config, table, steering, counters, new Guard(config.guard(), InstantSource.system()));
    }

    /** The same, where proxied names answer the configured edge addresses. */
    public static ServiceParts of(DnsConfig config, AnswerTable table, DnsCounters counters) {
        return of(config, table, CurrentSteering.anycast(config.answers()), counters);
    }
}
