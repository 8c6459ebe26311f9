package io.anycastle.proxy.origin;

import java.time.Duration;

/**
 * How HTTP/2 is spoken with origins. A connection gets windows that let every one of its answers wait in memory up to
 * {@code streamWindowBytes}: an answer that nobody takes holds up no other.
 *
 * @param isOffered whether TLS offers it
 * @param streamsMax requests of one connection at the same time, where the origin does not allow fewer; 1 to 10,000
 * @param streamWindowBytes how much of one answer may come before its client takes it; 64 KiB to 16 MiB
 * @param controlFramesMax PING, SETTINGS, PRIORITY, WINDOW_UPDATE, interim answers and the like within {@code window} beyond those
 *     that requests explain; then the connection is ended; 10 to 1,000,000
 * @param window of that rate; 1 s to 1 hour
 */
public record OriginHttp2(
        boolean isOffered, int streamsMax, int streamWindowBytes, int controlFramesMax, Duration window) {
    public static final OriginHttp2 DEFAULTS = new OriginHttp2(true, 100, 256 * 1024, 2_000, Duration.ofSeconds(30));

    /** Of all answers of one connection together. */
    int connectionWindowBytes() {
        return (int) Math.min(Integer.MAX_VALUE, (long) streamsMax * streamWindowBytes);
    }
}
