package io.anycastle.dns;

import io.anycastle.dns.answer.Transport;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What the DNS service counts. Each answering thread writes a lane of its own, so that counting costs it no contention. */
public final class DnsCounters {
    private static final List<String> RCODES =
            List.of("noerror", "formerr", "servfail", "nxdomain", "notimp", "refused", "other");
    private static final int RCODES_EACH = 7;
    private static final int NOERROR_UDP = 0;
    private static final int NOERROR_TCP = RCODES_EACH;
    private static final int TRUNCATED = 2 * RCODES_EACH;
    private static final int SILENT_UDP = TRUNCATED + 1;
    private static final int SILENT_TCP = TRUNCATED + 2;
    private static final int DROPPED = TRUNCATED + 3;
    private static final int COUNTERS = TRUNCATED + 4;

    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final LongAdder tcpConnections = new LongAdder();
    private final LongAdder tcpConnectionsRefused = new LongAdder();
    private final LongAdder tcpConnectionsIdle = new LongAdder();

    /** A lane for one more answering thread. */
    public Lane lane() {
        Lane lane = new Lane();
        lanes.add(lane);
        return lane;
    }

    public void tcpConnected() {
        tcpConnections.increment();
    }

    public void tcpRefused() {
        tcpConnectionsRefused.increment();
    }

    public void tcpIdle() {
        tcpConnectionsIdle.increment();
    }

    /**
     * Every counter by name, in a fixed order: {@code answers.udp.noerror} and so on, {@code truncated}, {@code silent.udp} (no query, no
     * answer), {@code dropped} (answers that the system did not take), {@code tcp.connections}, {@code tcp.refused}, {@code tcp.idle}.
     */
    public Map<String, Long> read() {
        long[] sums = new long[COUNTERS];
        for (Lane lane : lanes) {
            for (int i = 0; i < COUNTERS; i++) {
                sums[i] += lane.value(i);
            }
        }
        Map<String, Long> named = new LinkedHashMap<>();
        for (int i = 0; i < RCODES_EACH; i++) {
            named.put("answers.udp." + RCODES.get(i), sums[NOERROR_UDP + i]);
        }
        for (int i = 0; i < RCODES_EACH; i++) {
            named.put("answers.tcp." + RCODES.get(i), sums[NOERROR_TCP + i]);
        }
        named.put("truncated", sums[TRUNCATED]);
        named.put("silent.udp", sums[SILENT_UDP]);
        named.put("silent.tcp", sums[SILENT_TCP]);
        named.put("dropped", sums[DROPPED]);
        named.put("tcp.connections", tcpConnections.sum());
        named.put("tcp.refused", tcpConnectionsRefused.sum());
        named.put("tcp.idle", tcpConnectionsIdle.sum());
        return named;
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
            add((transport == Transport.UDP ? NOERROR_UDP : NOERROR_TCP) + Math.min(rcode, RCODES_EACH - 1), 1);
            if (truncated) {
                add(TRUNCATED, 1);
            }
        }

        public void silent(Transport transport) {
            add(transport == Transport.UDP ? SILENT_UDP : SILENT_TCP, 1);
        }

        /** Answers that the system did not take. */
        public void dropped(int answers) {
            add(DROPPED, answers);
        }

        private void add(int counter, long difference) {
            VALUE.setOpaque(values, PADDING + counter, value(counter) + difference);
        }

        private long value(int counter) {
            return (long) VALUE.getOpaque(values, PADDING + counter);
        }
    }
}
