package io.anycastle.proxy.listen;

import io.anycastle.core.limit.NetworkCount;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open client connections, in all and by client network, and refuses those beyond the limits. Any thread. */
public final class ConnectionLimiter {
    private final ClientLimits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final NetworkCount byPrefix;

    public ConnectionLimiter(ClientLimits limits) {
        this.limits = limits;
        byPrefix = new NetworkCount(limits.connectionsPerPrefixMax());
    }

    /** Whether one more connection of that client may stand; if so it is counted until {@link #leave}. */
    public boolean enter(InetAddress client) {
        if (all.incrementAndGet() > limits.connectionsMax()) {
            all.decrementAndGet();
            return false;
        }
        if (!byPrefix.enter(prefix(client))) {
            all.decrementAndGet();
            return false;
        }
        return true;
    }

    public void leave(InetAddress client) {
        byPrefix.leave(prefix(client));
        all.decrementAndGet();
    }

    /** Connections that stand now. */
    public int open() {
        return all.get();
    }

    private long prefix(InetAddress client) {
        byte[] octets = client.getAddress();
        long bits = 0;
        int taken = Math.min(octets.length, Long.BYTES);
        for (int i = 0; i < taken; i++) {
            bits = (bits << 8) | (octets[i] & 0xFF);
        }
        boolean isV6 = client instanceof Inet6Address;
        int host = isV6 ? 64 - limits.prefixV6() : 32 - limits.prefixV4();
        long network = host >= 64 ? 0 : bits >>> host;
        return isV6 ? network | Long.MIN_VALUE : network;
    }
}
