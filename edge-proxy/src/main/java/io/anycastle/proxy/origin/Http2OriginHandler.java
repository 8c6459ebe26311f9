package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.Http2Windows;
import io.anycastle.proxy.listen.SocketAbort;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Netty's codec of HTTP/2 for a connection to an origin. Belongs to its channel. */
final class Http2OriginHandler extends Http2ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Http2OriginHandler.class);
    private static final char CONNECT_PROTOCOL = Http2CodecUtil.SETTINGS_ENABLE_CONNECT_PROTOCOL;

    /**
     * What proves who a client is, is not kept in the table of fields, which all clients share: nobody can find it out by the sizes of
     * requests (RFC 7541 section 7.1). What is new in every request would only push others out of it.
     */
    private static final SensitivityDetector SENSITIVE = (name, value) -> switch (name.toString()) {
        case "authorization", "cookie", "cf-ray" -> true;
        default -> false;
    };

    private final Http2OriginConnection owner;
    private final int windowBytes;

    private Http2OriginHandler(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            Http2OriginConnection owner) {
        super(decoder, encoder, settings, true);
        this.owner = owner;
        this.windowBytes = owner.config().http2().connectionWindowBytes();
    }

    static Http2OriginHandler of(Http2OriginConnection owner) {
        return new Builder(owner).build();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        owner.added(context);
        super.handlerAdded(context);
        Http2Windows.open(connection(), windowBytes);
        context.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof ByteBuf octets) {
            owner.liveness().heard(octets);
        }
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        owner.readComplete();
        super.channelReadComplete(context);
    }

    /** Who speaks HTTP/2 and says nothing any more has still windows to open, and is gone. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        super.userEventTriggered(context, event);
        if (event instanceof SslCloseCompletionEvent) {
            SocketAbort.close(context.channel());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(context, cause);
            return;
        }
        if (!(cause instanceof IOException)) {
            LOG.error("A connection of HTTP/2 to an origin failed", cause);
        }
        owner.fail(cause);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean isOutbound, Throwable cause, @Nullable Http2Exception error) {
        if (error == null && !(cause instanceof IOException)) {
            LOG.error("A connection of HTTP/2 to an origin failed inside the edge", cause);
        }
        owner.fail(error == null ? cause : error);
    }

    /** What still comes for an exchange that was given up is dropped, and counts as a frame that carries nothing. */
    @Override
    protected void onStreamError(
            ChannelHandlerContext context, boolean isOutbound, Throwable cause, Http2Exception.StreamException error) {
        if (isOutbound) {
            super.onStreamError(context, true, cause, error);
            return;
        }
        if (connection().stream(error.streamId()) != null) {
            owner.malformed(error.streamId(), String.valueOf(error.getMessage()));
            return;
        }
        try {
            owner.countControl();
        } catch (Http2Exception e) {
            owner.fail(e);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        owner.closed();
        super.channelInactive(context);
    }

    /** What the codec tells of what the origin sends. */
    private static final class Frames extends Http2EventAdapter {
        private final Http2OriginConnection owner;

        Frames(Http2OriginConnection owner) {
            this.owner = owner;
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext at,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean isExclusive,
                int padding,
                boolean isEnd)
                throws Http2Exception {
            onHeadersRead(at, id, headers, padding, isEnd);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext at, int id, Http2Headers headers, int padding, boolean isEnd)
                throws Http2Exception {
            owner.liveness().answered();
            owner.heard(id, headers, isEnd);
        }

        @Override
        public int onDataRead(ChannelHandlerContext at, int id, ByteBuf data, int padding, boolean isEnd) {
            owner.liveness().answered();
            return padding + owner.heard(id, data, isEnd);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext at, int id, long code) {
            owner.reset(id, code);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext at, int lastId, long code, ByteBuf debug) throws Http2Exception {
            owner.countControl();
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext at, Http2Settings settings) throws Http2Exception {
            owner.countControl();
            Long connectProtocol = settings.get(CONNECT_PROTOCOL);
            owner.greeted(settings.maxConcurrentStreams(), connectProtocol == null ? null : connectProtocol == 1);
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext at) throws Http2Exception {
            owner.countControl();
        }

        @Override
        public void onPingRead(ChannelHandlerContext at, long data) throws Http2Exception {
            owner.countAnswering();
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext at, long data) throws Http2Exception {
            owner.countControl();
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext at, int id, int increment) throws Http2Exception {
            owner.countAnswering();
        }

        @Override
        public void onPriorityRead(ChannelHandlerContext at, int id, int dependency, short weight, boolean isExclusive)
                throws Http2Exception {
            owner.countControl();
        }

        @Override
        public void onUnknownFrame(ChannelHandlerContext at, byte type, int id, Http2Flags flags, ByteBuf payload) {
            try {
                owner.countControl();
            } catch (Http2Exception e) {
                owner.fail(e);
            }
        }
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2OriginHandler, Builder> {
        private static final int EMPTY_FRAMES_MAX = 2;
        private static final int SMALL_CONTINUATIONS_MAX = 16;
        /** HTTP/2 counts 32 octets for each field beside its texts; the edge itself refuses what is beyond its own limit. */
        private static final int HEAD_SLACK_BYTES = 16 * 1024;

        private final Http2OriginConnection owner;

        Builder(Http2OriginConnection owner) {
            this.owner = owner;
            OriginConfig config = owner.config();
            server(false);
            frameListener(new Frames(owner));
            validateHeaders(true);
            decoupleCloseAndGoAway(true);
            encoderIgnoreMaxHeaderListSize(true); // an origin that gets too much answers 431
            headerSensitivityDetector(SENSITIVE);
            decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_FRAMES_MAX);
            decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS_MAX);
            encoderEnforceMaxQueuedControlFrames(config.http2().controlFramesMax());
            initialSettings(new Http2Settings()
                    .pushEnabled(false)
                    .initialWindowSize(config.http2().streamWindowBytes())
                    .maxHeaderListSize(config.headerBytesMax() + HEAD_SLACK_BYTES));
        }

        @Override
        protected Http2OriginHandler build() {
            return super.build();
        }

        @Override
        protected Http2OriginHandler build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            Http2OriginHandler handler = new Http2OriginHandler(decoder, encoder, settings, owner);
            owner.attach(handler);
            return handler;
        }
    }
}
