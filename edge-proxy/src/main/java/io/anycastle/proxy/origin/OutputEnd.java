package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.SocketAbort;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection's output while its input may go on: the other side is told of it behind what is queued, and the socket can be
 * closed behind that. Belongs to one connection and its event loop.
 */
final class OutputEnd {
    private final Channel channel;
    private final Duration atMost;
    private boolean isAsked;
    private boolean isShut;
    private boolean isClosing;

    /**
     * @param atMost how long the other side may refuse to take what is queued when the socket is to be closed
     */
    OutputEnd(Channel channel, Duration atMost) {
        this.channel = channel;
        this.atMost = atMost;
    }

    /** Whether the output has ended, or will behind what is queued. */
    boolean isAsked() {
        return isAsked;
    }

    /** Ends the output behind what is queued. */
    void ask() {
        if (!isAsked) {
            isAsked = true;
            SocketAbort.endOutput(channel);
        }
    }

    /** The output has ended, be it asked to or not. */
    void shut() {
        isShut = true;
        if (isClosing) {
            SocketAbort.close(channel);
        }
    }

    /** Closes the socket behind the output's end. */
    void close() {
        ask();
        isClosing = true;
        if (isShut) {
            SocketAbort.close(channel);
        } else {
            channel.eventLoop().schedule(() -> SocketAbort.close(channel), atMost.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
