package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.ClientStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way of a request's body to its origin. Belongs to its exchange. */
final class RequestUpload extends Flow {
    /** Null while nobody has been waiting for long. */
    private @Nullable UploadRate rate;

    /**
     * Whether the client, which nothing else keeps waiting, has been silent for a whole period, or has sent fewer octets in a second of one
     * than it must. A body without a length may be a stream of events, which come when they come.
     */
    boolean isTooSlow(ClientStream client, int bytesPerSecond, Duration period, long nowNanos) {
        if (!isBlocked() && nowNanos - movedNanos() > period.toNanos()) {
            return true;
        }
        if (isBlocked() || bytesPerSecond == 0 || client.bodyLength() < 0) {
            rate = null;
            return false;
        }
        if (rate == null) {
            rate = new UploadRate(client.bytesRead(), nowNanos);
        }
        return rate.isBelow(bytesPerSecond, period, client.bytesRead(), nowNanos);
    }
}
