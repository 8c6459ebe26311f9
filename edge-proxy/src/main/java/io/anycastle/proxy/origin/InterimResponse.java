package io.anycastle.proxy.origin;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * An answer that comes before the answer (RFC 9110 section 15.2).
 *
 * @param status 100 or 102 to 199
 */
public record InterimResponse(int status, String reason, HttpHeaders headers) {
    /** Who is told of each, in their order, on the origin connection's event loop. */
    @FunctionalInterface
    public interface Listener {
        void take(InterimResponse interim);
    }
}
