package io.anycastle.dns.guard;

import io.anycastle.core.limit.RateTable;
import java.time.Duration;

/** Response-rate limiting: what all threads share of it, the rates and the accounts. */
@SuppressWarnings("EnumOrdinal") // places in an array of this class, which nobody else sees
final class RateLimit {
    private static final long K = 0x9e3779b97f4a7c15L;

    private final RateLimitConfig config;
    private final RateTable table;
    private final long[] costs = new long[Limit.count()];
    private final long shortCost;

    /**
     * @param seed unpredictable from outside
     */
    RateLimit(RateLimitConfig config, long seed) {
        this.config = config;
        int entries = config.enabled() ? config.entries() : 0;
        table = new RateTable(entries, RateTable.SECOND, micros(config.window()), seed);
        costs[Limit.ANSWERS.ordinal()] = cost(config.answersMax());
        costs[Limit.NEGATIVES.ordinal()] = cost(config.negativesMax());
        costs[Limit.REFERRALS.ordinal()] = cost(config.referralsMax());
        costs[Limit.ERRORS.ordinal()] = cost(config.errorsMax());
        costs[Limit.ALL.ordinal()] = cost(config.allMax());
        shortCost = cost(config.shortMax());
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }

    /** What an answer costs; 0 when there is no limit. */
    private static long cost(int perSecond) {
        return perSecond == 0 ? 0 : RateTable.SECOND / perSecond;
    }

    RateLimitConfig config() {
        return config;
    }

    /** The part of the keys of a client network that all its accounts share. */
    long networkKey(long network) {
        return table.key(network, K);
    }

    /** Whether an answer of that kind to that network, about that subject, is over its limit; it is charged for in any case. */
    boolean isOver(Limit limit, long networkKey, long subject, long nowMicros) {
        long cost = costs[limit.ordinal()];
        return cost > 0 && table.charge(table.key(networkKey + limit.ordinal(), subject), cost, nowMicros);
    }

    /** The same for what a flooded zone denies, by the rate that holds then. */
    boolean isFlooding(int perSecond, long networkKey, long subject, long nowMicros) {
        return table.charge(table.key(networkKey + Limit.NEGATIVES.ordinal(), subject), cost(perSecond), nowMicros);
    }

    /** Whether a short answer to that network is over the limit of these; it is charged for only when it is not, and so is sent. */
    boolean isShortOver(long networkKey, long nowMicros) {
        return shortCost > 0 && table.chargeWithin(table.key(networkKey + Limit.count(), 0), shortCost, nowMicros);
    }
}
