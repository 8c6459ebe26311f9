package io.anycastle.proxy.listen;

import java.time.Duration;

/**
 * What clients of HTTP/3 may do (RFC 9114) over QUIC (RFC 9000).
 *
 * @param streamsMax requests of one connection at the same time; 1 to 10,000
 * @param streamWindowBytes of a request's body that is sent before the origin takes it; 64 KiB to 16 MiB
 * @param connectionWindowBytes the same of all requests together; {@code streamWindowBytes} to 64 MiB
 * @param resetsMax requests of one connection that are broken off, and frames that carry nothing, within {@code window}; beyond it the
 *     connection ends with H3_EXCESSIVE_LOAD; 1 to 1,000,000
 * @param window of that rate; 1 s to 1 hour
 * @param brokenMax requests of one connection that are broken off in its life; then it takes no more of them (GOAWAY); 1 to 1,000,000
 * @param handshakesMax handshakes under way on one event loop; beyond it new clients must prove their address first, which costs them a round
 *     trip (Retry, RFC 9000 section 8.1.2); 0 to 1,000,000
 * @param payloadMax octets of a UDP datagram's payload; paths that take less are found out (RFC 8899); 1,200 to 65,527
 * @param socketBufferBytes of each socket, in both directions; 64 KiB to 256 MiB, of which the kernel may grant less
 * @param altSvcMaxAge how long clients may remember that HTTP/3 is spoken; 0 to 1 year, 0 tells them nothing
 */
public record Http3Limits(
        int streamsMax,
        int streamWindowBytes,
        int connectionWindowBytes,
        int resetsMax,
        Duration window,
        int brokenMax,
        int handshakesMax,
        int payloadMax,
        int socketBufferBytes,
        Duration altSvcMaxAge) {
    public static final Http3Limits DEFAULTS = new Http3Limits(
            100,
            256 * 1024,
            1024 * 1024,
            200,
            Duration.ofSeconds(30),
            1_000,
            100,
            1_452,
            4 * 1024 * 1024,
            Duration.ofDays(1));
}
