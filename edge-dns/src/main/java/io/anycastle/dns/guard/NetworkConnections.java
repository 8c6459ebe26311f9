package io.anycastle.dns.guard;

import io.anycastle.core.limit.NetworkCount;

/** Connections by client network, so that one network cannot hold all that there may be. Any thread. */
public final class NetworkConnections {
    private final Networks networks;
    private final Networks.Exempt exempt;
    private final NetworkCount count;

    NetworkConnections(GuardConfig config) {
        networks = config.networks();
        exempt = networks.exemptions();
        count = new NetworkCount(config.connectionsMax());
    }

    /**
     * Whether one more connection of that client may stand; if so it is counted until {@link #leave}.
     *
     * @param isIpv6 the client's family; its address as {@link Networks} has it
     */
    public boolean enter(boolean isIpv6, long high, long low) {
        return exempt.contains(isIpv6, high, low) || count.enter(networks.of(isIpv6, high, low));
    }

    /** A connection that was let in has gone. */
    public void leave(boolean isIpv6, long high, long low) {
        if (!exempt.contains(isIpv6, high, low)) {
            count.leave(networks.of(isIpv6, high, low));
        }
    }

    /** The client's network in words. */
    public String network(boolean isIpv6, long high, long low) {
        return networks.text(isIpv6, high, low);
    }
}
