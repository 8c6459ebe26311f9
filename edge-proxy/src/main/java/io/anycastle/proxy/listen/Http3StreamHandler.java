package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyCounters.Event;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3HeadersValidationException;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.http3.Http3UnknownFrame;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last handler of one request's QUIC stream. A head says nothing of whether a body follows, so it is kept until something does, or until
 * what has come with it is read; that of a GET or HEAD, which seldom has one, until the client has ended the stream or sent a piece.
 * Belongs to the stream's event loop.
 */
final class Http3StreamHandler extends Http3RequestStreamInboundHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Http3StreamHandler.class);

    /** Methods that have a body as a rule, and the one that opens a tunnel. */
    private static final List<String> OFTEN_FOLLOWED = List.of("POST", "PUT", "PATCH", "CONNECT");

    private final Http3ClientConnection connection;
    private final QuicStreamChannel channel;
    private final long sinceNanos = System.nanoTime();
    private @Nullable Http3Headers begun;
    private @Nullable Http3ClientStream stream;
    private boolean isEnded;

    Http3StreamHandler(Http3ClientConnection connection, QuicStreamChannel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        connection.opened(this);
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
        connection.hasSpoken();
        Http3ClientStream own = stream;
        if (begun == null && own == null) {
            begun = frame.headers();
            return;
        }
        Http3ClientStream known = own == null ? begin(false) : own;
        if (known != null) {
            trailers(known, frame.headers());
        }
    }

    private void trailers(Http3ClientStream known, Http3Headers section) {
        isEnded = true;
        try {
            known.takeTrailers(connection.requests().trailers(section));
        } catch (FieldSectionReader.MalformedException e) {
            connection.loop.counters().count(Event.REQUESTS_MALFORMED);
            known.breakOff(MultiplexedStream.Fault.MALFORMED);
        }
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
        try {
            Http3ClientStream known = stream == null ? begin(false) : stream;
            if (!frame.content().isReadable()) {
                connection.countIdleFrame();
            } else if (known != null) {
                known.take(frame.content(), false);
            }
        } finally {
            frame.release();
        }
    }

    @Override
    protected void channelRead(ChannelHandlerContext context, Http3UnknownFrame frame) {
        super.channelRead(context, frame);
        connection.countIdleFrame();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Http3Headers head = begun;
        if (head != null && (channel.isInputShutdown() || isOftenFollowed(head))) {
            begin(channel.isInputShutdown());
        }
        if (stream != null) {
            stream.readComplete();
        }
    }

    private static boolean isOftenFollowed(Http3Headers head) {
        CharSequence method = head.method();
        return head.contains(HttpHeaderNames.CONTENT_LENGTH)
                || OFTEN_FOLLOWED.stream().anyMatch(each -> each.contentEquals(method));
    }

    /** The client has ended the stream, and all of it is read. */
    @Override
    protected void channelInputClosed(ChannelHandlerContext context) {
        boolean isEmpty = begun == null && stream == null;
        Http3ClientStream known = stream == null ? begin(true) : stream;
        if (isEmpty) {
            close(MultiplexedStream.Fault.MALFORMED); // not one head (RFC 9114 section 4.1)
        }
        if (known == null) {
            return;
        }
        if (!isEnded) {
            isEnded = true;
            known.take(Unpooled.EMPTY_BUFFER, true);
        }
        known.readComplete();
    }

    /** Begins the request, of which the head has come; null when it is not to be answered. */
    private @Nullable Http3ClientStream begin(boolean isEnd) {
        Http3Headers head = begun;
        if (head == null) {
            return null;
        }
        begun = null;
        isEnded = isEnd;
        Http3ClientStream own = connection.begin(channel, head, isEnd, of -> stream = of);
        if (own == null) {
            close(MultiplexedStream.Fault.MALFORMED);
        }
        return own;
    }

    private void close(MultiplexedStream.Fault why) {
        connection.loop.counters().count(Event.REQUESTS_MALFORMED);
        connection.countBroken();
        channel.shutdown(Http3ClientStream.code(why));
        channel.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (stream != null && channel.isWritable()) {
            stream.writable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        boolean isClients = cause instanceof QuicException || cause instanceof IOException;
        if (cause instanceof Http3Exception || cause instanceof Http3HeadersValidationException || isOfLength(cause)) {
            close(MultiplexedStream.Fault.MALFORMED);
            return;
        }
        if (!isClients) {
            LOG.error("A stream of HTTP/3 failed inside the edge", cause);
        }
        connection.countBroken();
        channel.shutdown(Http3ClientStream.code(MultiplexedStream.Fault.CANCELLED));
        channel.close();
    }

    /** Netty's codec tells so of a Content-Length that is no number, and of several. */
    private static boolean isOfLength(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        return cause instanceof IllegalArgumentException
                && trace.length > 0
                && trace[0].getClassName().startsWith("io.netty.handler.codec.http");
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (stream != null) {
            stream.closed();
        }
        connection.closed(this);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void stops(boolean hasTime) {
        Http3ClientStream known = stream;
        if (known != null) {
            known.stops(hasTime);
        }
    }

    void expire(long nowNanos) {
        Http3ClientStream known = stream;
        if (known != null) {
            known.expire(nowNanos);
        } else if (nowNanos - sinceNanos > connection.loop.limits().head().toNanos()) {
            close(MultiplexedStream.Fault.MALFORMED);
        }
    }
}
