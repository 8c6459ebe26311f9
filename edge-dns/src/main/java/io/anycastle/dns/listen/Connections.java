package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.DnsCounters.Event;
import io.anycastle.dns.TcpConfig;
import io.anycastle.dns.guard.NetworkConnections;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of several listeners: how many may stand, in all and of one network of clients, how long each may idle, how much the
 * slow ones may leave unread. The nearer their number is to its limit, the sooner an idle one must go (RFC 7766 section 6.2.3), so that
 * who holds connections for nothing does not keep others out for long. Any thread.
 */
final class Connections {
    private final int connectionsMax;
    private final long idleNanos;
    private final long idleNanosMin;
    private final long slowBytesMax;
    private final NetworkConnections networks;
    private final DnsCounters counters;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong slowBytes = new AtomicLong();

    /**
     * @param networks those of all listeners
     * @param counters count who is refused
     */
    Connections(int connectionsMax, TcpConfig config, NetworkConnections networks, DnsCounters counters) {
        this.connectionsMax = connectionsMax;
        idleNanos = config.idleTimeout().toNanos();
        idleNanosMin = Math.min(config.idleTimeoutMin().toNanos(), idleNanos);
        slowBytesMax = config.slowBytesMax();
        this.networks = networks;
        this.counters = counters;
    }

    /** Whether one more connection of that client may stand; if so it is counted until {@link #leave}. */
    boolean enter(InetAddress client) {
        if (open.incrementAndGet() > connectionsMax) {
            open.decrementAndGet();
            counters.count(Event.TCP_REFUSED);
            return false;
        }
        if (!networks.enter(client)) {
            open.decrementAndGet();
            counters.count(Event.TCP_CROWDED);
            return false;
        }
        return true;
    }

    void leave(InetAddress client) {
        open.decrementAndGet();
        networks.leave(client);
    }

    /** Connections that stand now. */
    int open() {
        return open.get();
    }

    /** How long a connection may idle now. */
    long idleNanos() {
        double free = Math.clamp(2.0 * (connectionsMax - open.get()) / connectionsMax, 0.0, 1.0);
        return idleNanosMin + (long) ((idleNanos - idleNanosMin) * free);
    }

    /** The same in tenths of a second, as far as RFC 7828 can tell it. */
    int idleTenths() {
        return Math.clamp(idleNanos() / 100_000_000, 1, 0xffff);
    }

    /** The shortest time that {@link #idleNanos} may become. */
    long idleNanosMin() {
        return idleNanosMin;
    }

    /** Whether a client may leave that many octets more unread; if so they are counted until they are given back. */
    boolean holdSlow(int octets) {
        if (slowBytes.addAndGet(octets) > slowBytesMax) {
            slowBytes.addAndGet(-octets);
            return false;
        }
        return true;
    }

    void giveBackSlow(int octets) {
        slowBytes.addAndGet(-octets);
    }
}
