package io.anycastle.proxy.listen;

import java.time.Duration;

/**
 * What one client connection of HTTP/2 may do (RFC 9113). Beyond the rates it gets GOAWAY and ENHANCE_YOUR_CALM.
 *
 * @param streamsMax requests at the same time; 1 to 10,000
 * @param streamWindowBytes of a request's body that is sent before the origin takes it; 64 KiB to 16 MiB
 * @param connectionWindowBytes the same of all requests together; {@code streamWindowBytes} to 64 MiB
 * @param resetsMax streams that are reset within {@code window}, by the client or because of it; 1 to 1,000,000
 * @param controlFramesMax PING, SETTINGS, PRIORITY, WINDOW_UPDATE and empty frames within {@code window} beyond those that data
 *     explains; 10 to 1,000,000
 * @param window of the rates; 1 s to 1 hour
 */
public record Http2Limits(
        int streamsMax,
        int streamWindowBytes,
        int connectionWindowBytes,
        int resetsMax,
        int controlFramesMax,
        Duration window) {
    public static final Http2Limits DEFAULTS =
            new Http2Limits(100, 256 * 1024, 1024 * 1024, 200, 2_000, Duration.ofSeconds(30));
}
