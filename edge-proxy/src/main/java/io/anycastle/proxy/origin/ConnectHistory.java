package io.anycastle.proxy.origin;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The addresses that could not be connected to lately, or were slower than another (RFC 8305 section 4 lets an address wait for that, and
 * section 9.2 forget it after ten minutes). Belongs to one event loop.
 */
final class ConnectHistory {
    private static final int ADDRESSES_MAX = 1024;
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Map<InetAddress, Long> failedAt = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
            return size() > ADDRESSES_MAX;
        }
    };

    boolean isDoubtful(InetAddress address, long nowNanos) {
        Long failed = failedAt.get(address);
        return failed != null && nowNanos - failed < KEPT_NANOS;
    }

    void failed(InetAddress address, long nowNanos) {
        failedAt.put(address, nowNanos);
    }

    void connected(InetAddress address) {
        failedAt.remove(address);
    }
}
