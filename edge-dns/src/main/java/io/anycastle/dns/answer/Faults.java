package io.anycastle.dns.answer;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.DnsCounters.Event;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong in the server itself while it answers, and costs one query or one connection: all of it is counted, and the first of each
 * minute is told with its stack trace. Any thread.
 */
public final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final DnsCounters counters;
    private final AtomicLong dueNanos = new AtomicLong(System.nanoTime());

    Faults(DnsCounters counters) {
        this.counters = counters;
    }

    /** A query, or a few, got no answer. Throws nothing, so that the thread goes on whatever it was. */
    public void tell(Throwable fault) {
        try {
            counters.count(Event.ANSWER_FAULTS);
            long now = System.nanoTime();
            long due = dueNanos.get();
            if (now - due >= 0 && dueNanos.compareAndSet(due, now + PAUSE_NANOS)) {
                LOG.error("a query could not be answered (told once a minute at most)", fault);
            }
        } catch (RuntimeException | Error e) {
            // Without memory there is nothing left to tell it by; the next one may be luckier.
        }
    }

    /** A thread that answers has ended although nobody closed it. */
    public void ended(String what, Throwable fault) {
        counters.count(Event.UDP_ENDED);
        LOG.error("{} has stopped, and the node is not ready any more; start it again", what, fault);
    }
}
