package io.anycastle.core.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Accounts of what is taken per second in a fixed piece of memory. An account is one long: 24 bits that tell its key from others, and 40
 * bits of the time, in microseconds, at which all that was taken will be paid for (the generic cell rate algorithm: each piece costs
 * {@code 1 s / rate}, a burst of them may be taken at once). What {@link #charge} takes over the limit is charged as well, up to the window,
 * so that who goes on asking stays limited.
 *
 * <p>A key has four places to lie in, next to each other; when all are taken, the account that is paid for first makes room: under a
 * flood of made-up sources the busy accounts stay and the others are forgotten. Keys come from a seeded hash, so nobody can choose
 * clients that meet in one place.
 *
 * <p>Shared by all threads without a lock: two that charge one account in the same instant may count one piece for two.
 */
public final class RateTable {
    public static final long SECOND = 1_000_000;

    private static final long K = 0x9e3779b97f4a7c15L;

    private static final int WAYS = 4;
    private static final int TIME_BITS = 40;
    private static final long TIME_MASK = (1L << TIME_BITS) - 1;

    /** Threads tell the time once per batch, and clocks are set back: an account that is so much further ahead than it can be is none. */
    private static final long CLOCK_SLACK = 60 * SECOND;

    private static final VarHandle ACCOUNT =
            MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

    private final long[] accounts;
    private final int shift;
    private final long burst;
    private final long aheadMax;
    private final long seed;

    /**
     * @param entries how many accounts there are at least; rounded up to a power of two
     * @param burstMicros how much of an account may be taken at once
     * @param windowMicros how far an account can be overdrawn beyond that
     * @param seed of keys, unpredictable from outside
     */
    public RateTable(int entries, long burstMicros, long windowMicros, long seed) {
        int size = Integer.highestOneBit(Math.max(2 * WAYS, entries) - 1) << 1;
        accounts = new long[size];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(size / WAYS);
        burst = burstMicros;
        aheadMax = burstMicros + windowMicros;
        this.seed = seed;
    }

    /** The key of an account, of two numbers that tell it from others. */
    public long key(long one, long other) {
        long x = one ^ seed;
        long y = other ^ K;
        return (x * y) ^ Math.unsignedMultiplyHigh(x, y) ^ Long.rotateLeft(one, 17);
    }

    /**
     * Charges an account.
     *
     * @param key a hash; its upper bits choose the place, its lower ones tell it from others there
     * @param cost microseconds
     * @param now in microseconds, of any clock
     * @return whether that is over the limit
     */
    public boolean charge(long key, long cost, long now) {
        int at = find(key, now);
        long ahead = ahead(at, key, now) + cost;
        store(at, key, ahead, now);
        return ahead > burst;
    }

    /** Charges an account unless that is over the limit, which it says. For what is to go on at its rate whatever is asked for. */
    public boolean chargeWithin(long key, long cost, long now) {
        int at = find(key, now);
        long ahead = ahead(at, key, now) + cost;
        boolean isOver = ahead > burst;
        if (!isOver) {
            store(at, key, ahead, now);
        }
        return isOver;
    }

    /** Where the account is, or is to be. */
    private int find(long key, long now) {
        int first = (int) (key >>> shift) * WAYS;
        long tag = key << TIME_BITS;
        for (int i = first; i < first + WAYS; i++) {
            if (((long) ACCOUNT.getOpaque(accounts, i) & ~TIME_MASK) == tag) {
                return i;
            }
        }
        return firstPaid(first, now);
    }

    private int firstPaid(int first, long now) {
        int found = first;
        long foundAhead = Long.MAX_VALUE;
        for (int i = first; i < first + WAYS; i++) {
            long ahead = ahead((long) ACCOUNT.getOpaque(accounts, i), now);
            if (ahead < foundAhead) {
                found = i;
                foundAhead = ahead;
            }
        }
        return found;
    }

    /** What is not paid for yet; nothing when another's account is there. */
    private long ahead(int at, long key, long now) {
        long account = (long) ACCOUNT.getOpaque(accounts, at);
        return (account & ~TIME_MASK) == key << TIME_BITS ? ahead(account, now) : 0;
    }

    private long ahead(long account, long now) {
        long ahead = (account - now) & TIME_MASK;
        return ahead > aheadMax + CLOCK_SLACK ? 0 : ahead;
    }

    private void store(int at, long key, long ahead, long now) {
        ACCOUNT.setOpaque(accounts, at, key << TIME_BITS | ((now + Math.min(ahead, aheadMax)) & TIME_MASK));
    }

    /** How many accounts there are. */
    int size() {
        return accounts.length;
    }
}
