package io.anycastle.proxy.reply;

import io.anycastle.proxy.coding.CompressionConfig;
import java.time.Duration;

/**
 * How clients are answered.
 *
 * @param hasServerTiming whether answers tell what their time went into
 * @param unknownHost what a request is answered whose host nobody has
 * @param maintenanceRetryAfter when visitors of a site may try again that is down for maintenance, where its zone does not say; 1 s or more
 */
public record ReplyConfig(
        CompressionConfig compression,
        boolean hasServerTiming,
        UnknownHost unknownHost,
        Duration maintenanceRetryAfter) {
    public static final ReplyConfig DEFAULTS = new ReplyConfig(
            CompressionConfig.DEFAULTS,
            false,
            new UnknownHost.Page(),
            Duration.ofSeconds(EdgeError.MAINTENANCE.retryAfterSeconds()));

    /** One with the usual time of maintenance. */
    public ReplyConfig(CompressionConfig compression, boolean hasServerTiming, UnknownHost unknownHost) {
        this(compression, hasServerTiming, unknownHost, DEFAULTS.maintenanceRetryAfter());
    }
}
