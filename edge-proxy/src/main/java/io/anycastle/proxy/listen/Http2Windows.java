package io.anycastle.proxy.listen;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;

/** How much the other side of a connection of HTTP/2 may send before it is asked for more (RFC 9113 section 5.2). */
public final class Http2Windows {
    private Http2Windows() {}

    /** Opens the window of a whole connection to so many octets, where it is smaller. */
    public static void open(Http2Connection connection, int octets) throws Http2Exception {
        var flow = connection.local().flowController();
        flow.incrementWindowSize(connection.connectionStream(), Math.max(0, octets - flow.initialWindowSize()));
    }
}
