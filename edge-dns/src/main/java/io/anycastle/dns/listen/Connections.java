package io.anycastle.dns.listen;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of several listeners: how many may stand, how long each may idle, how much the slow ones may leave unread. The nearer
 * their number is to its limit, the sooner an idle one must go (RFC 7766 section 6.2.3), so that who holds connections for nothing does not
 * keep others out for long. Any thread.
 */
final class Connections {
    private final int connectionsMax;
    private final long idleNanos;
    private final long idleNanosMin;
    private final long slowBytesMax;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong slowBytes = new AtomicLong();

    /**
     * @param idleMin at the limit; never longer than {@code idle}
     */
    Connections(int connectionsMax, Duration idle, Duration idleMin, long slowBytesMax) {
        this.connectionsMax = connectionsMax;
        idleNanos = idle.toNanos();
        idleNanosMin = Math.min(idleMin.toNanos(), idleNanos);
        this.slowBytesMax = slowBytesMax;
    }

    /** Whether one more connection of that client may stand; if so it is counted until {@link #leave}. */
    boolean enter(InetAddress client) {
        if (open.incrementAndGet() > connectionsMax) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave(InetAddress client) {
        open.decrementAndGet();
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
