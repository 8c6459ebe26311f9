package io.anycastle.app.config;

import io.anycastle.core.model.OriginBalance;
import io.anycastle.proxy.origin.EjectionConfig;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.RetryConfig;
import java.time.Duration;
import java.util.List;

/** The part of the table of settings that is about names with several origins. */
public final class SeveralOriginsKeys {
    private static final KeyList KEYS = new KeyList();
    private static final EjectionConfig EJECTION = EjectionConfig.DEFAULTS;
    private static final RetryConfig RETRY = RetryConfig.DEFAULTS;

    public static final Key<OriginBalance> BALANCE = KEYS.key(
            "origin.balance",
            Shapes.balance(),
            OriginConfig.DEFAULTS.balance(),
            "How one of several origins of a name is chosen, where neither its records nor its zone say it.");
    public static final Key<Integer> FAILURES = KEYS.key(
            "origin.ejection.failures-max",
            Shapes.number(0, 1_000),
            EJECTION.failuresMax(),
            "Requests in a row that got no answer from one of several origins, or no connection; then it is out. 0 is never.");
    public static final Key<Integer> GATEWAY_ERRORS = KEYS.key(
            "origin.ejection.gateway-errors-max",
            Shapes.number(0, 1_000),
            EJECTION.gatewayErrorsMax(),
            "The same of answers in a row that say 502, 503, 504 or 520 to 525.");
    public static final Key<Duration> BASE = KEYS.timeout(
            "origin.ejection.time",
            EJECTION.base(),
            "How long it is out; twice as long when it was lately, and so on. Each such time that it does well is taken off again.");
    public static final Key<Duration> MAX =
            KEYS.timeout("origin.ejection.time-max", EJECTION.max(), "The longest that it is out, but for the jitter.");
    public static final Key<Integer> JITTER = KEYS.key(
            "origin.ejection.jitter-percent",
            Shapes.number(0, 100),
            EJECTION.jitterPercent(),
            "By how much longer it may be out, at random, so that origins and nodes do not come back at one time.");
    public static final Key<Integer> SHARE = KEYS.key(
            "origin.ejection.share-percent",
            Shapes.number(0, 100),
            EJECTION.sharePercent(),
            "How many of a name's origins may be out at a time; one always may, the last one never. A name with a fallback has no such limit.");
    public static final Key<Duration> SLOW_RETURN = KEYS.key(
            "origin.ejection.slow-return",
            Shapes.duration(Duration.ZERO, Duration.ofDays(1)),
            EJECTION.slowReturn(),
            "In what time the share of requests grows back that an origin gets which comes back.");
    public static final Key<Integer> ORIGINS = KEYS.key(
            "origin.ejection.origins-max",
            Shapes.number(1, 1_000_000),
            EJECTION.originsMax(),
            "Origins of which is known how they do; of further ones each of the proxy's threads knows for itself.");
    public static final Key<Integer> RETRIES = KEYS.key(
            "origin.retry.max",
            Shapes.number(0, 10),
            RETRY.max(),
            "How often a request that failed at one of several origins goes to another.");
    public static final Key<Integer> BODY_MAX = KEYS.key(
            "origin.retry.body-max",
            Shapes.bytes(0, 16 << 20),
            RETRY.bodyBytesMax(),
            "How much of a request's body is kept so that another origin can be sent it too, where the method is idempotent.");
    public static final Key<Long> BODIES_MAX = KEYS.key(
            "origin.retry.bodies-max",
            Shapes.size(0, 1L << 30),
            RETRY.bodiesBytesMax(),
            "The same of all requests together, for each of the proxy's threads.");
    public static final Key<Integer> BUDGET = KEYS.key(
            "origin.retry.budget-percent",
            Shapes.number(0, 100),
            RETRY.budgetPercent(),
            "How many requests that failed elsewhere an origin gets, by the number of its own within origin.retry.window.");
    public static final Key<Integer> BUDGET_MIN = KEYS.key(
            "origin.retry.budget-min",
            Shapes.number(0, 1_000_000),
            RETRY.budgetMin(),
            "How many of them it gets within that time however few its own are.");
    public static final Key<Duration> WINDOW = KEYS.key(
            "origin.retry.window",
            Shapes.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            RETRY.window(),
            "The time in which they are counted.");

    static final List<Key<?>> ALL = KEYS.all();

    private SeveralOriginsKeys() {}
}
