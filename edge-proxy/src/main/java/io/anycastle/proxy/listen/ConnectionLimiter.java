package io.anycastle.proxy.listen;

import io.anycastle.core.limit.NetworkCount;
import io.anycastle.core.limit.Networks;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open client connections, in all and by client network, and refuses those beyond the limits. Any thread. */
public final class ConnectionLimiter {
    private final AtomicInteger all = new AtomicInteger();
    private volatile Rules rules;

    /** What holds for connections that come. */
    private record Rules(ClientLimits limits, Networks networks, NetworkCount byPrefix) {}

    /** @param networks who shares the limit of a network, and who has none */
    public ConnectionLimiter(ClientLimits limits, Networks networks) {
        rules = new Rules(limits, networks, new NetworkCount(limits.connectionsPerPrefixMax()));
    }

    /** From now on these hold; the networks of connections that stand are counted apart from those of new ones. */
    public void change(ClientLimits limits, Networks networks) {
        Rules now = rules;
        if (!now.limits.equals(limits) || !now.networks.equals(networks)) {
            rules = new Rules(limits, networks, new NetworkCount(limits.connectionsPerPrefixMax()));
        }
    }

    /** Whether one more connection of that client may stand; if so it is counted until its channel is closed. */
    boolean enter(InetAddress client, Channel connection) {
        Rules now = rules;
        if (all.incrementAndGet() > now.limits.connectionsMax()) {
            all.decrementAndGet();
            return false;
        }
        boolean isCounted = !now.networks.isExempt(client);
        long network = isCounted ? now.networks.of(client) : 0;
        if (isCounted && !now.byPrefix.enter(network)) {
            all.decrementAndGet();
            return false;
        }
        connection.closeFuture().addListener(closed -> {
            if (isCounted) {
                now.byPrefix.leave(network);
            }
            all.decrementAndGet();
        });
        return true;
    }

    /** Connections that stand now. */
    public int open() {
        return all.get();
    }
}
