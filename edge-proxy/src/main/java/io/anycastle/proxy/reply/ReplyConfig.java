package io.anycastle.proxy.reply;

import io.anycastle.proxy.coding.CompressionConfig;

/**
 * How clients are answered.
 *
 * @param hasServerTiming whether answers tell what their time went into
 * @param unknownHost what a request is answered whose host nobody has
 */
public record ReplyConfig(CompressionConfig compression, boolean hasServerTiming, UnknownHost unknownHost) {
    public static final ReplyConfig DEFAULTS =
            new ReplyConfig(CompressionConfig.DEFAULTS, false, new UnknownHost.Page());
}
