package io.anycastle.proxy.listen;

import io.anycastle.core.limit.NetworkCount;
import io.anycastle.core.limit.Networks;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open client connections, in all and by client network, and refuses those beyond the limits. Any thread. */
public final class ConnectionLimiter {
    private final ClientLimits limits;
    private final Networks networks;
    private final AtomicInteger all = new AtomicInteger();
    private final NetworkCount byPrefix;

    /** @param networks who shares the limit of a network, and who has none */
    public ConnectionLimiter(ClientLimits limits, Networks networks) {
        this.limits = limits;
        this.networks = networks;
        byPrefix = new NetworkCount(limits.connectionsPerPrefixMax());
    }

    /** Whether one more connection of that client may stand; if so it is counted until {@link #leave}. */
    public boolean enter(InetAddress client) {
        if (all.incrementAndGet() > limits.connectionsMax()) {
            all.decrementAndGet();
            return false;
        }
        if (!networks.isExempt(client) && !byPrefix.enter(networks.of(client))) {
            all.decrementAndGet();
            return false;
        }
        return true;
    }

    public void leave(InetAddress client) {
        if (!networks.isExempt(client)) {
            byPrefix.leave(networks.of(client));
        }
        all.decrementAndGet();
    }

    /** Connections that stand now. */
    public int open() {
        return all.get();
    }
}
