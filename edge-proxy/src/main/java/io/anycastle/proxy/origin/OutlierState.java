package io.anycastle.proxy.origin;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How an origin has done lately, as the requests met it that could have gone to another one: it is in, out, or coming back.
 *
 * <p>An origin that comes back gets a small share of requests, which grows; until it has answered one, one more failure takes it out again,
 * for longer. All event loops share it; what each request asks is read without locks.
 */
public final class OutlierState {
    /** Whether it is asked. */
    public enum State {
        IN,
        OUT,
        RETURNING
    }

    /** What an origin gets that comes back, as a share of its weight. */
    static final double SHARE_MIN = 0.05;

    private final OutlierDetection health;
    private final EjectionConfig config;
    private final String scheme;
    private final String address;
    private final RetryBudget budget;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger gatewayErrors = new AtomicInteger();
    private volatile State state = State.IN;
    /** Until when it is out, or is coming back. */
    private volatile long until;

    private volatile long usedNanos;
    private volatile String reason = "";
    /** How often it was taken out lately; guarded by this, as the next. */
    private int ejections;

    private long returnedNanos;

    OutlierState(OutlierDetection health, EjectionConfig config, RetryBudget budget, OriginTarget target) {
        this.health = health;
        this.config = config;
        this.budget = budget;
        this.scheme = target.scheme().text();
        this.address = target.text();
        this.usedNanos = health.now();
        this.returnedNanos = usedNanos;
    }

    /** What part of its weight counts now: 0 while it is out, 1 while nothing is wrong. */
    double share(long nowNanos) {
        State is = state;
        if (is == State.IN) {
            return 1;
        }
        long left = until - nowNanos;
        if (is == State.OUT) {
            return left > 0 ? 0 : comesBack(nowNanos);
        }
        if (left > 0) {
            return Math.max(SHARE_MIN, 1 - (double) left / config.slowReturn().toNanos());
        }
        settle(nowNanos);
        return 1;
    }

    private synchronized double comesBack(long nowNanos) {
        if (state == State.OUT && until - nowNanos <= 0) {
            // the first request decides: an answer clears these, a failure is the last one
            failures.set(Math.max(0, config.failuresMax() - 1));
            gatewayErrors.set(Math.max(0, config.gatewayErrorsMax() - 1));
            returnedNanos = nowNanos;
            until = nowNanos + config.slowReturn().toNanos();
            state = State.RETURNING;
            health.returned(this);
        }
        return SHARE_MIN;
    }

    private synchronized void settle(long nowNanos) {
        if (state == State.RETURNING && until - nowNanos <= 0) {
            state = State.IN;
        }
    }

    boolean isOut(long nowNanos) {
        return state == State.OUT && until - nowNanos > 0;
    }

    /** When it comes back, while it is out. */
    long untilNanos() {
        return until;
    }

    // ---- what requests meet

    /** A request goes to it, its own or one that failed elsewhere. */
    void begins(boolean isOwn) {
        outstanding.incrementAndGet();
        long now = health.now();
        usedNanos = now;
        if (isOwn) {
            budget.request(now);
        }
    }

    void ends() {
        outstanding.decrementAndGet();
    }

    int outstanding() {
        return outstanding.get();
    }

    /** Whether a request may go to it that failed elsewhere; it counts then. */
    boolean takesRetry() {
        return budget.take(health.now());
    }

    /** A request got no answer; whether there were too many such in a row. */
    boolean failed() {
        return state != State.OUT && isTooMany(failures.incrementAndGet(), config.failuresMax());
    }

    /** A request is answered; whether there were too many answers in a row that tell of a failure behind the origin. */
    boolean answered(int status) {
        if (failures.get() != 0) {
            failures.set(0);
        }
        if (isGatewayError(status)) {
            return state != State.OUT && isTooMany(gatewayErrors.incrementAndGet(), config.gatewayErrorsMax());
        }
        if (gatewayErrors.get() != 0) {
            gatewayErrors.set(0);
        }
        return false;
    }

    private static boolean isTooMany(int count, int max) {
        return max > 0 && count >= max;
    }

    private static boolean isGatewayError(int status) {
        return (status >= 502 && status <= 504) || (status >= 520 && status <= 525);
    }

    /**
     * Takes it out, for longer each time that it was out lately; not while it is.
     *
     * @param why for people
     */
    synchronized void eject(String why) {
        long now = health.now();
        if (state == State.OUT) {
            return;
        }
        long good = (now - returnedNanos) / config.base().toNanos();
        ejections = (int) Math.max(0, ejections - good) + 1;
        long nanos = Math.min(
                config.max().toNanos(), config.base().multipliedBy(ejections).toNanos());
        double jitter = ThreadLocalRandom.current().nextDouble() * config.jitterPercent() / 100;
        nanos += (long) (nanos * jitter);
        reason = why;
        until = now + nanos;
        state = State.OUT;
        health.ejected(this, nanos);
    }

    // ---- what is told

    /** Whether nothing would be lost if it were forgotten. */
    boolean isForgettable(long nowNanos) {
        return state == State.IN
                && outstanding.get() == 0
                && failures.get() == 0
                && nowNanos - usedNanos > config.max().toNanos();
    }

    /** Address and port, as logs tell them, and the scheme. */
    String name() {
        return scheme + "://" + address;
    }

    String reason() {
        return reason;
    }

    synchronized OriginStatus status(long nowNanos) {
        State is = state;
        long left = is == State.IN ? 0 : Math.max(0, until - nowNanos);
        State shown = is != State.IN && left == 0 ? is == State.OUT ? State.RETURNING : State.IN : is;
        return new OriginStatus(
                address, scheme, shown, left / 1_000_000, ejections, failures.get(), outstanding.get(), reason);
    }
}
