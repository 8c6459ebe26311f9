package io.anycastle.dns.bench;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.answer.Transport;

/** What it costs to count an answer, which cannot be switched off: a loop over the counters alone. */
final class Counting {
    private static final int ROUNDS = 9;
    private static final int ANSWERS = 20_000_000;
    private static final int RCODES = 4;

    private Counting() {}

    /** Nanoseconds of this thread for an answer, in the best of some rounds. */
    static double nanos() {
        DnsCounters counters = new DnsCounters();
        DnsCounters.Lane lane = counters.lane();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < ANSWERS; i++) {
                lane.answered(Transport.UDP, i % RCODES, false);
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        long counted =
                counters.read().values().stream().mapToLong(Long::longValue).sum();
        if (counted != (long) ROUNDS * ANSWERS) {
            throw new IllegalStateException("counted " + counted);
        }
        return (double) best / ANSWERS;
    }
}
