package io.anycastle.proxy.origin;

import io.anycastle.core.limit.RateLimitedLog;
import io.anycastle.core.model.OriginScheme;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.ProxyCounters.Event;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * What this node knows of the origins of names that have several: one {@link OutlierState} for each address, port and scheme, which all
 * event loops share. Outlier detection as Envoy has it: what visitors' requests meet takes an origin out for a while. Any thread.
 */
public final class OutlierDetection {
    private record Key(InetAddress address, int port, OriginScheme scheme) {}

    private final EjectionConfig config;
    private final RetryConfig retry;
    private final ProxyCounters counters;
    private final LongSupplier nanos;
    private final RateLimitedLog log =
            new RateLimitedLog(LoggerFactory.getLogger(OutlierDetection.class), InstantSource.system());
    private final Map<Key, OutlierState> origins = new ConcurrentHashMap<>();

    /** @param nanos the time, as {@link System#nanoTime} has it */
    public OutlierDetection(OriginConfig config, ProxyCounters counters, LongSupplier nanos) {
        this.config = config.ejection();
        this.retry = config.retry();
        this.counters = counters;
        this.nanos = nanos;
    }

    /** What is known of that origin; where too many are known already, a new one is known to who asks alone. */
    OutlierState outlier(OriginTarget target) {
        Key key = new Key(target.address(), target.port(), target.scheme());
        OutlierState known = origins.get(key);
        if (known != null) {
            return known;
        }
        if (origins.size() >= config.originsMax()) {
            long now = now();
            origins.values().removeIf(each -> each.isForgettable(now));
        }
        if (origins.size() >= config.originsMax()) {
            counters.count(Event.ORIGINS_UNSHARED);
            return fresh(target);
        }
        return origins.computeIfAbsent(key, added -> fresh(target));
    }

    private OutlierState fresh(OriginTarget target) {
        return new OutlierState(this, config, new RetryBudget(retry, now()), target);
    }

    EjectionConfig ejection() {
        return config;
    }

    RetryConfig retry() {
        return retry;
    }

    long now() {
        return nanos.getAsLong();
    }

    void ejected(OutlierState origin, long forNanos) {
        counters.count(Event.ORIGIN_EJECTIONS);
        log.warn(
                "out " + origin.name(),
                "origin " + origin.name() + " is out for " + TimeUnit.NANOSECONDS.toMillis(forNanos) + " ms: "
                        + origin.reason());
    }

    void returned(OutlierState origin) {
        counters.count(Event.ORIGIN_RETURNS);
        log.info("back " + origin.name(), "origin " + origin.name() + " is asked again, little by little");
    }

    /** All that is known, those first that are not in. */
    public List<OriginStatus> status() {
        long now = now();
        return origins.values().stream()
                .map(origin -> origin.status(now))
                .sorted(Comparator.comparing(OutlierDetection::isIn)
                        .thenComparing(OriginStatus::address)
                        .thenComparing(OriginStatus::scheme))
                .toList();
    }

    private static boolean isIn(OriginStatus status) {
        return status.state() == OutlierState.State.IN;
    }
}
