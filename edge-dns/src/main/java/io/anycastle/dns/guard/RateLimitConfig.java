package io.anycastle.dns.guard;

import java.time.Duration;

/**
 * How many answers over UDP a client network gets. Rates are per second, 0 to 1,000,000; 0 means no limit.
 *
 * @param enabled whether anything is counted at all
 * @param dryRun whether limits are only counted and told, and every answer sent
 * @param answersMax of one name and type; names that a wildcard makes count as one
 * @param negativesMax "no such name" and "no such type" of one zone
 * @param referralsMax to one delegated name
 * @param errorsMax REFUSED, FORMERR and the like
 * @param allMax of any kind
 * @param window how long a network that went on asking stays limited after it stops, 1 s to 1 h
 * @param slip one of so many answers over a limit is sent short, for the innocent to come back by TCP; 0 none, 1 all; at most 100
 * @param shortMax of those sent short: whoever asks in another's name has no more than that sent to him
 * @param entries networks and names that are kept count of, 1024 to 67,108,864; eight octets each
 */
public record RateLimitConfig(
        boolean enabled,
        boolean dryRun,
        int answersMax,
        int negativesMax,
        int referralsMax,
        int errorsMax,
        int allMax,
        Duration window,
        int slip,
        int shortMax,
        int entries) {
    public static final RateLimitConfig DEFAULTS =
            new RateLimitConfig(true, false, 100, 100, 100, 100, 5000, Duration.ofSeconds(15), 2, 5000, 1 << 18);

    /** The same with one rate for everything of a kind, and none for all together. */
    public RateLimitConfig withRates(int each) {
        return new RateLimitConfig(enabled, dryRun, each, each, each, each, 0, window, slip, shortMax, entries);
    }

    public RateLimitConfig withAllMax(int other) {
        return new RateLimitConfig(
                enabled,
                dryRun,
                answersMax,
                negativesMax,
                referralsMax,
                errorsMax,
                other,
                window,
                slip,
                shortMax,
                entries);
    }

    public RateLimitConfig withDryRun(boolean other) {
        return new RateLimitConfig(
                enabled,
                other,
                answersMax,
                negativesMax,
                referralsMax,
                errorsMax,
                allMax,
                window,
                slip,
                shortMax,
                entries);
    }

    public RateLimitConfig withSlip(int other) {
        return new RateLimitConfig(
                enabled,
                dryRun,
                answersMax,
                negativesMax,
                referralsMax,
                errorsMax,
                allMax,
                window,
                other,
                shortMax,
                entries);
    }

    public RateLimitConfig withShortMax(int other) {
        return new RateLimitConfig(
                enabled,
                dryRun,
                answersMax,
                negativesMax,
                referralsMax,
                errorsMax,
                allMax,
                window,
                slip,
                other,
                entries);
    }
}
