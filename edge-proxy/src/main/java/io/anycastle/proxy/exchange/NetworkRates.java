package io.anycastle.proxy.exchange;

import io.anycastle.core.limit.Networks;
import io.anycastle.core.limit.RateTable;
import io.anycastle.proxy.listen.ClientRates;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What client networks have sent lately, against what they may send a second. Of all event loops together, without a lock; allocates nothing as
 * long as nobody is over a limit. What is refused is not charged for, so that a network goes on at its rate whatever it asks for.
 *
 * <p>Under a flood of networks the busiest are remembered and the others forgotten ({@link RateTable}): nobody gets rid of his own account by
 * making up others that are less busy than it.
 */
public final class NetworkRates {
    /** What is said of a request. */
    enum Ruling {
        ADMITTED,
        TOO_MANY_REQUESTS,
        TOO_MANY_HEAD_BYTES
    }

    private static final Logger LOG = LoggerFactory.getLogger(NetworkRates.class);
    private static final long TOLD_EVERY_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int LIMITS = 2;
    private static final long REQUESTS = 1;
    private static final long HEAD_BYTES = 2;

    private final ClientRates config;
    private final Networks networks;
    private final boolean areLimited;
    private final long requestCost;
    private final long burstMicros;
    private final RateTable table;
    private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TOLD_EVERY_NANOS);

    /** @param networks who shares a limit, and who has none */
    public NetworkRates(ClientRates config, Networks networks) {
        this.config = config;
        this.networks = networks;
        areLimited = config.areLimited();
        requestCost = config.requestsMax() > 0 ? RateTable.SECOND / config.requestsMax() : 0;
        burstMicros = TimeUnit.NANOSECONDS.toMicros(config.burst().toNanos());
        int entries = areLimited ? LIMITS * config.networksMax() : 0;
        table = new RateTable(entries, burstMicros, 0, new SecureRandom().nextLong());
    }

    /** Whether there is any limit. */
    boolean areLimited() {
        return areLimited;
    }

    /** The network of a client, or {@link Networks#EXEMPT}. */
    long network(InetAddress client) {
        return networks.limited(client);
    }

    /**
     * Charges a network for a request, unless that is over one of its limits.
     *
     * @param headBytes the length of its head
     * @param nanos of the clock
     */
    Ruling charge(long network, int headBytes, long nanos) {
        if (network == Networks.EXEMPT) {
            return Ruling.ADMITTED;
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
        if (requestCost > 0 && table.chargeWithin(table.key(network, REQUESTS), requestCost, micros)) {
            return Ruling.TOO_MANY_REQUESTS;
        }
        if (config.headBytesMax() > 0 && headBytes > 0) {
            long cost = Math.ceilDiv(headBytes * RateTable.SECOND, config.headBytesMax());
            // a head that is longer than a burst has to be taken some time
            if (table.chargeWithin(table.key(network, HEAD_BYTES), Math.min(cost, burstMicros), micros)) {
                return Ruling.TOO_MANY_HEAD_BYTES;
            }
        }
        return Ruling.ADMITTED;
    }

    /** Tells in the log of a client that is over a limit, once a minute at most. */
    void tell(InetAddress client, String key, long nanos) {
        long told = toldNanos.get();
        if (nanos - told >= TOLD_EVERY_NANOS && toldNanos.compareAndSet(told, nanos)) {
            LOG.warn(
                    "requests of {} are answered 429: they are over {} (told once a minute at most)",
                    networks.text(client),
                    key);
        }
    }
}
