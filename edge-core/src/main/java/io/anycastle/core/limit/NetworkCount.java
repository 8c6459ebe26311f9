package io.anycastle.core.limit;

import java.util.concurrent.ConcurrentHashMap;

/** How many of something limited, connections say, each client network holds. Any thread. */
public final class NetworkCount {
    private final ConcurrentHashMap<Long, Integer> held = new ConcurrentHashMap<>();
    private final int max;

    /**
     * @param max of one network
     */
    public NetworkCount(int max) {
        this.max = max;
    }

    /**
     * Whether that network may hold one more; if so it is counted until {@link #leave}.
     *
     * @param network a number for the network, as the caller makes it
     */
    public boolean enter(long network) {
        int now = held.merge(network, 1, Integer::sum);
        if (now > max) {
            leave(network);
            return false;
        }
        return true;
    }

    public void leave(long network) {
        held.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
    }
}
