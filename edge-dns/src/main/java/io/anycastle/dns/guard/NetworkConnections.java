package io.anycastle.dns.guard;

import io.anycastle.core.limit.NetworkCount;
import io.anycastle.core.limit.Networks;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Connections by client network, so that one network cannot hold all that there may be. Any thread. */
public final class NetworkConnections {
    private final Networks networks;
    private final NetworkCount count;
    private volatile @Nullable InetAddress refused;

    NetworkConnections(GuardConfig config) {
        networks = config.networks();
        count = new NetworkCount(config.connectionsMax());
    }

    /** Whether one more connection of that client may stand; if so it is counted until {@link #leave}. */
    public boolean enter(InetAddress client) {
        if (networks.isExempt(client) || count.enter(networks.of(client))) {
            return true;
        }
        refused = client;
        return false;
    }

    /** A connection that was let in has gone. */
    public void leave(InetAddress client) {
        if (!networks.isExempt(client)) {
            count.leave(networks.of(client));
        }
    }

    /** The network that was refused last, in words. */
    Optional<String> lastRefused() {
        return Optional.ofNullable(refused).map(networks::text);
    }
}
