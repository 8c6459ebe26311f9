package io.anycastle.dns;

import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.guard.GuardEvent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What the DNS service counts. Each answering thread writes a lane of its own, so that counting costs it no contention. */
@SuppressWarnings("EnumOrdinal") // places in arrays of this class, which nobody else sees
public final class DnsCounters {
    private static final List<String> RCODES =
            List.of("noerror", "formerr", "servfail", "nxdomain", "notimp", "refused", "other");
    private static final List<Transport> TRANSPORTS = List.of(Transport.values());
    private static final int RCODES_EACH = 7;
    private static final int TRUNCATED = Transport.values().length * RCODES_EACH;
    private static final int SILENT = TRUNCATED + 1;
    private static final int DROPPED = SILENT + Transport.values().length;
    private static final int GUARD = DROPPED + 1;
    private static final int COUNTERS = GUARD + GuardEvent.COUNT;

    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final LongAdder[] events = new LongAdder[Event.values().length];

    /** What happens rarely enough to be counted by all threads together; its name with dots is the counter's. */
    public enum Event {
        /** A connection was taken. */
        TCP_CONNECTIONS,
        DOT_CONNECTIONS,
        DOH_CONNECTIONS,
        /** A connection was closed at once, because there were enough. */
        TCP_REFUSED,
        /** One was closed at once, because its client's network had enough. */
        TCP_CROWDED,
        /** One was closed that completed no query in time. */
        TCP_IDLE,
        /** One was closed that did not read its answers while too many others did not either. */
        TCP_SLOW,
        /** TLS was not spoken to its end. */
        TLS_FAILED,
        /** Changed certificate files were taken up. */
        TLS_RELOADS,
        /** Certificate files could not be used. */
        TLS_UNUSABLE,
        /** A request over HTTPS was answered with 4xx. */
        DOH_REFUSED,
        /** The server failed to answer, and a query or a connection was given up for it. */
        ANSWER_FAULTS,
        /** A thread of the system-call driver ended although nobody closed it. */
        UDP_ENDED;

        String counter() {
            return name().toLowerCase(Locale.ROOT).replace('_', '.');
        }
    }

    public DnsCounters() {
        Arrays.setAll(events, _ -> new LongAdder());
    }

    /** A lane for one more answering thread. */
    public Lane lane() {
        Lane lane = new Lane();
        lanes.add(lane);
        return lane;
    }

    public void count(Event event) {
        events[event.ordinal()].increment();
    }

    /**
     * Every counter by name, in a fixed order: {@code answers.udp.noerror} and so on, {@code truncated}, {@code silent.udp} (no query, no
     * answer), {@code dropped} (answers that the system did not take), then the {@link Event}s and the {@link GuardEvent}s.
     */
    public Map<String, Long> read() {
        long[] sums = new long[COUNTERS];
        for (Lane lane : lanes) {
            for (int i = 0; i < COUNTERS; i++) {
                sums[i] += lane.value(i);
            }
        }
        Map<String, Long> named = new LinkedHashMap<>();
        for (Transport transport : TRANSPORTS) {
            for (int i = 0; i < RCODES_EACH; i++) {
                named.put("answers." + name(transport) + "." + RCODES.get(i), sums[first(transport) + i]);
            }
        }
        named.put("truncated", sums[TRUNCATED]);
        for (Transport transport : TRANSPORTS) {
            named.put("silent." + name(transport), sums[SILENT + transport.ordinal()]);
        }
        named.put("dropped", sums[DROPPED]);
        for (Event event : Event.values()) {
            named.put(event.counter(), events[event.ordinal()].sum());
        }
        for (GuardEvent event : GuardEvent.values()) {
            named.put(event.counter(), sums[GUARD + event.ordinal()]);
        }
        return named;
    }

    private static String name(Transport transport) {
        return transport.name().toLowerCase(Locale.ROOT);
    }

    private static int first(Transport transport) {
        return transport.ordinal() * RCODES_EACH;
    }

    /** How often that happened. */
    public long read(Event event) {
        return events[event.ordinal()].sum();
    }

    /** How often that happened, over all threads. */
    public long read(GuardEvent event) {
        long sum = 0;
        for (Lane lane : lanes) {
            sum += lane.value(GUARD + event.ordinal());
        }
        return sum;
    }

    /** The counters of one thread, which alone writes them; others may read. */
    public static final class Lane {
        private static final VarHandle VALUE =
                MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

        /** Keeps lanes of different threads off each other's cache lines. */
        private static final int PADDING = 16;

        private final long[] values = new long[PADDING + COUNTERS + PADDING];

        private Lane() {}

        /**
         * @param rcode 12 bits
         */
        public void answered(Transport transport, int rcode, boolean truncated) {
            add(first(transport) + Math.min(rcode, RCODES_EACH - 1), 1);
            if (truncated) {
                add(TRUNCATED, 1);
            }
        }

        public void silent(Transport transport) {
            add(SILENT + transport.ordinal(), 1);
        }

        /** Answers that the system did not take. */
        public void dropped(int answers) {
            add(DROPPED, answers);
        }

        public void count(GuardEvent event) {
            add(GUARD + event.ordinal(), 1);
        }

        private void add(int counter, long difference) {
            VALUE.setOpaque(values, PADDING + counter, value(counter) + difference);
        }

        private long value(int counter) {
            return (long) VALUE.getOpaque(values, PADDING + counter);
        }
    }
}
