package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.HeaderBlockWatch;
import io.anycastle.proxy.listen.OutputWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the origin at the other end of a connection of HTTP/2 still lives while it owes something: it must take what is sent, end
 * the heads that it begins, and, when it has been silent since a request, answer a PING. There is one PING for a silence: origins count
 * them. Belongs to the connection and its event loop.
 */
final class Http2Liveness {
    private static final int LOOKS = 4;

    private final Http2OriginConnection connection;
    private final Channel channel;
    private final long timeoutNanos;
    private final OutputWatch output = new OutputWatch();
    private final HeaderBlockWatch blocks = HeaderBlockWatch.ofServer();
    private @Nullable Future<?> next;
    private boolean isPinged;
    private boolean isPingAnswered;
    private long silentSince;

    /**
     * @param timeout for each of the three
     */
    Http2Liveness(Http2OriginConnection connection, Channel channel, Duration timeout) {
        this.connection = connection;
        this.channel = channel;
        this.timeoutNanos = timeout.toNanos();
    }

    /** A request has been sent. */
    void asked() {
        isPinged &= !isPingAnswered;
        if (next == null) {
            silentSince = System.nanoTime();
            isPinged = false;
            next = channel.eventLoop().schedule(this::look, timeoutNanos / LOOKS, TimeUnit.NANOSECONDS);
        }
    }

    /** Octets have come, which are left as they are. */
    void heard(ByteBuf octets) {
        silentSince = System.nanoTime();
        isPingAnswered = true;
        blocks.look(octets, silentSince);
    }

    /** What has come is more than the answer to a PING. */
    void answered() {
        isPinged = false;
    }

    private void look() {
        next = null;
        long now = System.nanoTime();
        boolean isSilent = now - silentSince > timeoutNanos;
        if (output.isStuckFor(timeoutNanos, channel, now)) {
            connection.fail(new SocketTimeoutException("the origin takes nothing more"));
            return;
        }
        if (blocks.isOpenFor(timeoutNanos, now)) {
            connection.fail(new InvalidAnswerException("a head does not end"));
            return;
        }
        if (connection.isUnused()) {
            return; // TCP's own keep-alive looks after it
        }
        if (isSilent && isPinged && !isPingAnswered) {
            connection.fail(new SocketTimeoutException("the origin is silent"));
            return;
        }
        if (isSilent && !isPinged) {
            isPinged = true;
            isPingAnswered = false;
            silentSince = now;
            connection.ping();
        }
        next = channel.eventLoop().schedule(this::look, timeoutNanos / LOOKS, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }
}
