package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyConfig;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Netty's codec of HTTP/2 for a client's connection. Belongs to its channel. */
final class Http2Handler extends Http2ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Handler.class);

    private final Http2ClientConnection owner;
    private final LoopConnections loop;
    private final int windowBytes;

    private Http2Handler(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            Http2ClientConnection owner,
            LoopConnections loop) {
        super(decoder, encoder, settings, true);
        this.owner = owner;
        this.loop = loop;
        Http2Limits limits = loop.config().http2();
        this.windowBytes = Math.max(limits.connectionWindowBytes(), limits.streamWindowBytes());
    }

    static Http2Handler of(Http2ClientConnection owner, LoopConnections loop) {
        return new Builder(owner, loop).build();
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
        if (message instanceof ByteBuf octets && owner.readBegins(octets)) {
            super.channelRead(context, message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** Who does not take what it is sent is not heard: its requests would pile up their answers here. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        context.channel().config().setAutoRead(context.channel().isWritable());
        super.channelWritabilityChanged(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        super.userEventTriggered(context, event);
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            owner.inputEnded();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        owner.readComplete();
        super.channelReadComplete(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(context, cause);
            return;
        }
        if (!(cause instanceof IOException)) {
            LOG.debug("A client's connection failed", cause);
        }
        SocketAbort.close(context.channel());
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean isOutbound, Throwable cause, @Nullable Http2Exception error) {
        if (error == null && cause instanceof IOException) {
            SocketAbort.close(context.channel()); // the client has gone while something was written to it
            return;
        }
        if (error == null) {
            LOG.error("A connection of HTTP/2 failed inside the edge", cause);
        }
        owner.failed(error == null ? new Http2Exception(Http2Error.INTERNAL_ERROR, "internal error") : error);
    }

    /** Netty answers each frame for a stream that is closed by a reset, whatever closed the stream. */
    @Override
    protected void onStreamError(
            ChannelHandlerContext context, boolean isOutbound, Throwable cause, Http2Exception.StreamException error) {
        Http2Stream stream = connection().stream(error.streamId());
        if (isOutbound || stream != null || error.error() != Http2Error.STREAM_CLOSED) {
            super.onStreamError(context, isOutbound, cause, isSecondHead(stream, error) ? closed(error) : error);
            return;
        }
        owner.closedStreams()
                .error(error.streamId())
                .ifPresent(code -> owner.failed(new Http2Exception(code, String.valueOf(cause.getMessage()))));
    }

    /** A head behind the end of a request (RFC 9113 section 5.1), which Netty takes for another fault. */
    private static boolean isSecondHead(@Nullable Http2Stream stream, Http2Exception.StreamException error) {
        return stream != null
                && stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE
                && error.error() == Http2Error.PROTOCOL_ERROR
                && String.valueOf(error.getMessage()).contains("too many headers");
    }

    private static Http2Exception.StreamException closed(Http2Exception.StreamException error) {
        return (Http2Exception.StreamException)
                Http2Exception.streamError(error.streamId(), Http2Error.STREAM_CLOSED, "%s", error.getMessage());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        owner.closed();
        super.channelInactive(context);
        loop.closed(owner);
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2Handler, Builder> {
        /** More than any head that is within the limits, so that the edge itself refuses what is beyond them. */
        private static final int HEAD_SLACK_BYTES = 64 * 1024;

        private static final int EMPTY_FRAMES_MAX = 2;
        private static final int SMALL_CONTINUATIONS_MAX = 16;

        private final Http2ClientConnection owner;
        private final LoopConnections loop;

        Builder(Http2ClientConnection owner, LoopConnections loop) {
            this.owner = owner;
            this.loop = loop;
            ProxyConfig config = loop.config();
            Http2Limits limits = config.http2();
            int seconds = (int) Math.max(1, limits.window().toSeconds());
            server(true);
            frameListener(owner.new Frames());
            validateHeaders(true);
            decoupleCloseAndGoAway(true);
            decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_FRAMES_MAX);
            decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS_MAX);
            decoderEnforceMaxRstFramesPerWindow(limits.resetsMax(), seconds);
            encoderEnforceMaxRstFramesPerWindow(limits.resetsMax(), seconds);
            encoderEnforceMaxQueuedControlFrames(limits.controlFramesMax());
            initialSettings(new Http2Settings()
                    .maxConcurrentStreams(limits.streamsMax())
                    .initialWindowSize(limits.streamWindowBytes())
                    .connectProtocolEnabled(true)
                    .maxHeaderListSize(
                            config.heads().headersBytesMax() + config.heads().targetBytesMax() + HEAD_SLACK_BYTES));
        }

        @Override
        protected Http2Handler build() {
            return super.build();
        }

        @Override
        protected Http2Handler build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            Http2Handler handler = new Http2Handler(decoder, encoder, settings, owner, loop);
            owner.attach(handler);
            return handler;
        }
    }
}
