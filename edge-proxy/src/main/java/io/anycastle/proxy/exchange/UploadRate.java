package io.anycastle.proxy.exchange;

import java.time.Duration;

/** How fast the octets of a body come. Belongs to its exchange. */
final class UploadRate {
    private long bytes;
    private long sinceNanos;

    /** @param bytes that have come before */
    UploadRate(long bytes, long nowNanos) {
        this.bytes = bytes;
        this.sinceNanos = nowNanos;
    }

    /** Looks back once in a period: whether fewer octets have come a second. */
    boolean isBelow(int bytesPerSecond, Duration period, long bytesNow, long nowNanos) {
        long nanos = nowNanos - sinceNanos;
        if (nanos < period.toNanos()) {
            return false;
        }
        double wanted = (double) bytesPerSecond * nanos / Duration.ofSeconds(1).toNanos();
        boolean isBelow = bytesNow - bytes < wanted;
        bytes = bytesNow;
        sinceNanos = nowNanos;
        return isBelow;
    }
}
