package io.anycastle.proxy.listen;

import io.netty.handler.codec.http2.Http2Error;
import java.util.Optional;

/**
 * The streams of a connection of HTTP/2 that were closed lately, which tell what a frame for a stream that is none any more means (RFC 9113
 * section 5.1). Belongs to the connection.
 */
final class ClosedStreams {
    private static final int REMEMBERED = 128;

    /** The number, doubled, and one more where the edge reset the stream; 0 for none. */
    private final int[] closed = new int[REMEMBERED];

    private int next;

    void add(int id, boolean isResetByEdge) {
        closed[next] = id << 1 | (isResetByEdge ? 1 : 0);
        next = (next + 1) % REMEMBERED;
    }

    /** The error of a connection on which a frame comes for that stream, which is not open; empty where the client could not know that. */
    Optional<Http2Error> error(int id) {
        int oldest = Integer.MAX_VALUE;
        for (int one : closed) {
            if (one >>> 1 == id && id != 0) {
                return (one & 1) == 1 ? Optional.empty() : Optional.of(Http2Error.STREAM_CLOSED);
            }
            oldest = one == 0 ? 0 : Math.min(oldest, one >>> 1);
        }
        // a stream with a smaller number than one that was opened, and never opened itself, cannot be opened any more
        return Optional.of(id > oldest ? Http2Error.PROTOCOL_ERROR : Http2Error.STREAM_CLOSED);
    }
}
