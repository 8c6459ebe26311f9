package io.anycastle.dns.guard;

import io.anycastle.core.limit.Networks;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.wire.EdnsOptions;
import io.anycastle.dns.wire.WireName;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * One thread's guard. A query is shown before it is answered, when it can be refused at the least cost; its answer is shown before it is
 * sent, when its kind and zone are known. Allocates nothing; looks at the clock once per batch. Not thread-safe: fields hold the query.
 */
public final class ThreadGuard {
    private static final long MICROS_PER_MILLI = 1000;
    private static final long MILLIS_PER_SECOND = 1000;
    private static final long NOTES_EVERY_MILLIS = 1000;

    private final Networks networks;
    private final Networks.Exempt exempt;
    private final RateLimit rateLimit;
    private final boolean isLimiting;
    private final Cookies cookies;
    private final boolean isBaking;
    private final boolean dryRun;
    private final int slip;
    private final Incident incident;
    private final InstantSource clock;
    private final RandomLabels randomLabels;
    private final int floodLimit;
    private final @Nullable DenialWatch watch;
    private final WireName asked;
    private final DnsCounters.Lane counters;
    private long random;
    private long nowMillis;
    private long notedMillis;
    private CookieStatus cookie = CookieStatus.NONE;
    private boolean limited;
    private boolean ipv6;
    private long high;
    private long low;
    private long networkKey;

    /**
     * @param asked where the name of each query stands; of no octets when the query has none
     * @param counters the thread's own
     */
    public ThreadGuard(Guard guard, WireName asked, DnsCounters.Lane counters) {
        networks = guard.config().networks();
        exempt = networks.exemptions();
        rateLimit = guard.rateLimit();
        RateLimitConfig config = rateLimit.config();
        isLimiting = config.enabled();
        cookies = new Cookies(guard.cookieSecrets());
        isBaking = guard.config().cookies().enabled();
        dryRun = config.dryRun();
        slip = config.slip();
        incident = guard.incident();
        clock = guard.clock();
        this.asked = asked;
        this.counters = counters;
        random = rateLimit.networkKey(System.identityHashCode(this)) | 1;
        RandomLabels labels = guard.randomLabels();
        watch = labels.isWatching() ? labels.watch() : null;
        randomLabels = labels;
        floodLimit = guard.config().randomLabels().negativesMax();
        beginBatch();
    }

    /** Looks at the clock; for the queries until the next call the time stands. */
    public void beginBatch() {
        nowMillis = clock.millis();
        if (watch != null) {
            watch.advance(nowMillis);
        }
    }

    /**
     * A query has come; says what it shows of cookies.
     *
     * @param isIpv6 the client's family; its address as {@link Networks} has it
     */
    public CookieStatus look(byte[] message, EdnsOptions options, boolean isIpv6, long addressHigh, long addressLow) {
        ipv6 = isIpv6;
        high = addressHigh;
        low = addressLow;
        cookie = isBaking
                ? cookies.look(message, options, isIpv6, addressHigh, addressLow, nowMillis / MILLIS_PER_SECOND)
                : CookieStatus.NONE;
        switch (cookie) {
            case NONE -> {}
            case MALFORMED -> counters.count(GuardEvent.COOKIES_MALFORMED);
            case CLIENT_ONLY -> counters.count(GuardEvent.COOKIES_NEW);
            case INVALID -> counters.count(GuardEvent.COOKIES_INVALID);
            case VALID -> counters.count(GuardEvent.COOKIES_VALID);
        }
        return cookie;
    }

    /** The cookie for the answer, if its query's {@link CookieStatus#isAnswered}; not to be written to. */
    public byte[] cookie() {
        return cookies.answer();
    }

    /**
     * Whether the query is answered at all.
     *
     * @param spoofable whether it came in a way in which anybody can name any sender; without a good cookie it is limited then
     * @param isError whether its answer is known already to be one
     */
    public GuardVerdict admit(boolean spoofable, boolean isError) {
        limited = isLimiting && spoofable && cookie != CookieStatus.VALID && !exempt.contains(ipv6, high, low);
        if (!limited) {
            return GuardVerdict.SEND;
        }
        networkKey = rateLimit.networkKey(networks.of(ipv6, high, low));
        return judge(Limit.ALL, 0, isError);
    }

    /**
     * An answer is ready.
     *
     * @param subject what it is about, as a hash: answers of one kind about one subject to one network share a limit
     */
    public GuardVerdict judge(Limit limit, long subject) {
        return judge(limit, subject, limit == Limit.ERRORS);
    }

    private GuardVerdict judge(Limit limit, long subject, boolean isError) {
        if (!limited || !isOver(limit, subject, nowMillis * MICROS_PER_MILLI)) {
            return GuardVerdict.SEND;
        }
        counters.count(GuardEvent.over(limit));
        if (nowMillis - notedMillis >= NOTES_EVERY_MILLIS) {
            notedMillis = nowMillis;
            incident.note(limit, asked, ipv6, high, low);
        }
        if (dryRun) {
            return GuardVerdict.SEND;
        }
        boolean isShort = isSlipping(isError);
        counters.count(isShort ? GuardEvent.RATELIMIT_SHORTENED : GuardEvent.RATELIMIT_WITHHELD);
        return isShort ? GuardVerdict.SHORTEN : GuardVerdict.WITHHOLD;
    }

    /** An error brings nobody back by TCP: it is sent for the cookie that it brings, or not at all. */
    private boolean isSlipping(boolean isError) {
        boolean isOfUse = !isError || cookie.isAnswered();
        if (!isOfUse || slip == 0) {
            return false;
        }
        if (slip > 1 && Long.remainderUnsigned(nextRandom(), slip) != 0) {
            return false;
        }
        boolean isOver = rateLimit.isShortOver(networkKey, nowMillis * MICROS_PER_MILLI);
        if (isOver) {
            counters.count(GuardEvent.RATELIMIT_SHORT);
        }
        return !isOver;
    }

    private boolean isOver(Limit limit, long subject, long nowMicros) {
        if (limit == Limit.NEGATIVES && floodLimit > 0 && isFlooded(subject)) {
            boolean isOver = rateLimit.isFlooding(floodLimit, networkKey, subject, nowMicros);
            if (isOver) {
                counters.count(GuardEvent.RANDOMNAMES_LIMITED);
            }
            return isOver;
        }
        return rateLimit.isOver(limit, networkKey, subject, nowMicros);
    }

    private boolean isFlooded(long zone) {
        for (long flooded : randomLabels.flooded()) {
            if (flooded == zone) {
                return true;
            }
        }
        return false;
    }

    /**
     * A name does not exist.
     *
     * @param zone the hash of the zone's name, {@code name} that of the whole name
     * @param apex the zone's name, which is kept
     */
    public void denied(long zone, long name, byte[] apex) {
        if (watch != null) {
            watch.add(zone, name, apex);
        }
    }

    /** Which answers are sent short must not follow the order of the askers: two in turn would share them unfairly. */
    private long nextRandom() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random >>> 8;
    }
}
