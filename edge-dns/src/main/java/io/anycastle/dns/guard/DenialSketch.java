package io.anycastle.dns.guard;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often, and for how many different names, each zone was said not to have a name: a fixed number of zones, the busiest of which
 * stay, and for each a HyperLogLog of 64 registers (Flajolet et al. 2007; the estimate is off by 13 % or so). One thread writes.
 */
final class DenialSketch {
    static final int REGISTERS = 64;

    private static final int ZONES = 256;
    private static final int WAYS = 4;
    private static final int INDEX_BITS = 6;

    /** Bias of 64 registers, times their number squared. */
    private static final double SCALE = 0.709 * REGISTERS * REGISTERS;

    private final long[] zones = new long[ZONES];
    private final long[] denials = new long[ZONES];
    private final byte[] registers = new byte[ZONES * REGISTERS];
    private final byte[] @Nullable [] apexes = new byte[ZONES] @Nullable [];
    private volatile long window = -1;

    /** Takes what the sketch knows of one zone. */
    interface Visitor {
        void visit(long zone, byte[] apex, long denials, byte[] registers);
    }

    /**
     * A name does not exist.
     *
     * @param zone the hash of the zone's name, {@code name} that of the whole name
     * @param apex the zone's name, kept for the report
     */
    void add(long zone, long name, byte[] apex) {
        int at = place(zone, apex);
        denials[at]++;
        long bits = mix(name);
        int register = at * REGISTERS + (int) (bits >>> (Long.SIZE - INDEX_BITS));
        byte rank = (byte) (Long.numberOfLeadingZeros(bits << INDEX_BITS | 1L << (INDEX_BITS - 1)) + 1);
        if (rank > registers[register]) {
            registers[register] = rank;
        }
    }

    /**
     * Hashes of names that are alike lie on a lattice, which suits a table but not an estimate: one seed in twenty had it wrong by more
     * than half. David Stafford's variant 13 of the finaliser of MurmurHash3.
     */
    private static long mix(long hash) {
        long x = (hash ^ hash >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        x = (x ^ x >>> 27) * 0x94d0_49bb_1331_11ebL;
        return x ^ x >>> 31;
    }

    private int place(long zone, byte[] apex) {
        int first = (int) (zone >>> 32) & (ZONES - 1) & -WAYS;
        int victim = first;
        for (int at = first; at < first + WAYS; at++) {
            if (zones[at] == zone && apexes[at] != null) {
                return at;
            }
            if (denials[at] < denials[victim]) {
                victim = at;
            }
        }
        zones[victim] = zone;
        apexes[victim] = apex;
        denials[victim] = 0;
        Arrays.fill(registers, victim * REGISTERS, (victim + 1) * REGISTERS, (byte) 0);
        return victim;
    }

    /** Forgets everything and starts on that window. */
    void begin(long next) {
        window = -1;
        Arrays.fill(denials, 0);
        Arrays.fill(apexes, null);
        Arrays.fill(registers, (byte) 0);
        window = next;
    }

    /** The window that it is about; -1 for none. Any thread. */
    long window() {
        return window;
    }

    void forEach(Visitor visitor) {
        for (int at = 0; at < ZONES; at++) {
            byte[] apex = apexes[at];
            if (apex != null) {
                byte[] own = Arrays.copyOfRange(registers, at * REGISTERS, (at + 1) * REGISTERS);
                visitor.visit(zones[at], apex, denials[at], own);
            }
        }
    }

    /** How many different names those registers have seen. */
    static double distinct(byte[] registers) {
        double sum = 0;
        int zeros = 0;
        for (byte rank : registers) {
            sum += Math.scalb(1.0, -rank);
            zeros += rank == 0 ? 1 : 0;
        }
        double estimate = SCALE / sum;
        return estimate <= 2.5 * REGISTERS && zeros > 0 ? REGISTERS * Math.log((double) REGISTERS / zeros) : estimate;
    }
}
