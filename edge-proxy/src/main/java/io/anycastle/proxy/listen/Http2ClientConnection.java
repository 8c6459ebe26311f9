package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection of HTTP/2 (RFC 9113): many requests at the same time, on Netty's codec, with the limits that keep one client from
 * costing others. Belongs to its event loop.
 */
final class Http2ClientConnection extends ConnectionFacts {
    private final FieldSectionReader requests;
    private final List<Http2ClientStream> touched = new ArrayList<>();
    private final ClosedStreams closedStreams = new ClosedStreams();
    private final HeaderBlockWatch blocks = HeaderBlockWatch.ofClient();
    private final ControlFrames controlFrames;
    private final OutputWatch output = new OutputWatch();
    private @Nullable Http2Handler codec;
    private @Nullable ChannelHandlerContext context;
    private Http2Connection.@Nullable PropertyKey key;
    private boolean isReading;
    private boolean isFlushQueued;
    private boolean isLastAnnounced;
    /** Nothing more is said, and what comes is dropped. */
    private boolean isFinished;
    /** And the client has taken all that was. */
    private boolean isAllTaken;

    private boolean isClosed;
    private long idleSince = System.nanoTime();
    private long takenSince;
    private boolean hasSpoken;

    Http2ClientConnection(Channel channel, ListenerConfig listener, LoopConnections loop, @Nullable TlsSession tls) {
        super(channel, listener, loop, tls);
        this.requests = new FieldSectionReader(loop.config().heads());
        this.controlFrames = new ControlFrames(
                loop.config().http2().controlFramesMax(), loop.config().http2().window());
    }

    /** Takes its codec, which is in the channel's pipeline, or will be in a moment. */
    void attach(Http2Handler by) {
        codec = by;
        Http2Connection connection = by.connection();
        key = connection.newKey();
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                streamClosed(stream);
            }
        });
        by.encoder().flowController().listener(stream -> {
            Http2ClientStream own = own(stream);
            if (own != null && isWritable(stream)) {
                own.writable();
            }
        });
    }

    void added(ChannelHandlerContext to) {
        context = to;
    }

    private Http2Handler codec() {
        return Objects.requireNonNull(codec, "attached");
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "added");
    }

    private @Nullable Http2ClientStream own(@Nullable Http2Stream stream) {
        return stream == null || key == null ? null : stream.getProperty(key);
    }

    // ---- what comes

    /** What Netty's codec tells of what the client sends. */
    final class Frames extends Http2EventAdapter {
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
            hasSpoken = true;
            Http2Stream stream = codec().connection().stream(id);
            if (stream == null) {
                return; // reset meanwhile
            }
            try {
                Http2ClientStream own = own(stream);
                if (own == null) {
                    begin(stream, headers, isEnd);
                } else if (isEnd) {
                    own.takeTrailers(requests.trailers(headers));
                } else {
                    throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, "trailers do not end the request");
                }
            } catch (FieldSectionReader.MalformedException e) {
                loop.counters().count(Event.REQUESTS_MALFORMED);
                throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, "%s", e.getMessage());
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext at, int id, ByteBuf data, int padding, boolean isEnd) {
            Http2ClientStream own = own(codec().connection().stream(id));
            return padding + (own == null ? data.readableBytes() : own.take(data, isEnd));
        }

        @Override
        public void onPingRead(ChannelHandlerContext at, long data) throws Http2Exception {
            countAnswering();
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext at, long data) throws Http2Exception {
            countControl();
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext at, Http2Settings settings) throws Http2Exception {
            hasSpoken = true;
            countControl();
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext at) throws Http2Exception {
            countControl();
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext at, int lastId, long code, ByteBuf debug) throws Http2Exception {
            countControl();
        }

        @Override
        public void onUnknownFrame(ChannelHandlerContext at, byte type, int id, Http2Flags flags, ByteBuf payload) {
            try {
                countControl();
            } catch (Http2Exception e) {
                codec().onError(at, false, e);
            }
        }

        @Override
        public void onPriorityRead(ChannelHandlerContext at, int id, int dependency, short weight, boolean isExclusive)
                throws Http2Exception {
            countControl();
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext at, int id, int increment) throws Http2Exception {
            countAnswering();
        }
    }

    private void countAnswering() throws Http2Exception {
        check(controlFrames.isFloodedByAnswer(System.nanoTime()));
    }

    private void countControl() throws Http2Exception {
        check(controlFrames.isFlooded(System.nanoTime()));
    }

    private static void check(boolean isFlooded) throws Http2Exception {
        if (isFlooded) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many control frames");
        }
    }

    private void begin(Http2Stream stream, Http2Headers headers, boolean isEnd) {
        RequestHead head = loop.takeHead();
        Http2ClientStream own = new Http2ClientStream(this, stream, head);
        HeadFault fault = null;
        long length = 0;
        try {
            fault = requests.read(headers, HttpVersion.HTTP_2, head);
            length = fault == null ? FieldSectionReader.length(head, isEnd) : 0;
        } catch (FieldSectionReader.MalformedException e) {
            loop.giveBack(head);
            throw e;
        }
        stream.setProperty(Objects.requireNonNull(key, "attached"), own);
        touched(own);
        if (fault == null) {
            own.begin(length);
        } else {
            own.refuse(fault, isEnd);
        }
    }

    ClosedStreams closedStreams() {
        return closedStreams;
    }

    private void streamClosed(Http2Stream stream) {
        closedStreams.add(stream.id(), stream.isResetSent());
        Http2ClientStream own = own(stream);
        if (own != null) {
            own.closed();
        }
        if (codec().connection().numActiveStreams() == 0) {
            idleSince = System.nanoTime();
            if (endsSoon()) {
                channel.eventLoop().execute(this::closeWhenIdle);
            }
        }
    }

    private void closeWhenIdle() {
        if (!isClosed && codec().connection().numActiveStreams() == 0) {
            flushNow();
            finish();
        }
    }

    /**
     * Says nothing more: the client learns that behind what it is sent, and ends the connection. Who closed on octets that nobody has read
     * would take from the client what it has not read yet.
     */
    private void finish() {
        if (!isFinished && !isClosed) {
            isFinished = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                isAllTaken = true;
                takenSince = System.nanoTime();
            });
            SocketAbort.endOutput(channel);
        }
    }

    /** Ends the connection for a fault of the client's, or of the edge's own. */
    void failed(Http2Exception fault) {
        if (isFinished || isClosed) {
            return;
        }
        if (fault.error() == Http2Error.ENHANCE_YOUR_CALM) {
            loop.counters().count(Event.HTTP2_FLOODS);
        }
        markEndsSoon();
        ByteBuf words = ByteBufUtil.writeUtf8(context().alloc(), String.valueOf(fault.getMessage()));
        // not by the codec, which would close the socket behind it
        codec().encoder()
                .frameWriter()
                .writeGoAway(
                        context(),
                        lastTaken(),
                        fault.error().code(),
                        words,
                        context().newPromise());
        codec().connection().close(context().voidPromise());
        flushNow();
        finish();
    }

    /** The number of the last request that was, or is, looked at; it never grows again once the client has been told. */
    private int lastTaken() {
        var clients = codec().connection().remote();
        int told = clients.lastStreamKnownByPeer();
        return told < 0 ? clients.lastStreamCreated() : Math.min(told, clients.lastStreamCreated());
    }

    /** The client says nothing any more: whoever speaks HTTP/2 still has windows to open, and is gone. */
    void inputEnded() {
        SocketAbort.close(channel);
    }

    /** Looks at what has come, ahead of the codec; whether it is to be read. */
    boolean readBegins(ByteBuf octets) {
        isReading = true;
        blocks.look(octets, System.nanoTime());
        return !isFinished;
    }

    void readComplete() {
        tellTouched();
        isReading = false;
    }

    /** The stream has been told something, and will hear of the end of what is being read. */
    void touched(Http2ClientStream stream) {
        if (touched.isEmpty() || !touched.getLast().equals(stream)) {
            touched.add(stream);
        }
    }

    void tellTouched() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).readComplete();
        }
        touched.clear();
    }

    boolean isReading() {
        return isReading;
    }

    /** The client may send as many octets more. */
    void consumed(Http2Stream stream, int octets) {
        if (octets == 0 || isClosed) {
            return;
        }
        try {
            if (codec().connection().local().flowController().consumeBytes(stream, octets)) {
                flush();
            }
        } catch (Http2Exception e) {
            codec().onError(context(), true, e);
        }
    }

    // ---- what goes

    ChannelFuture write(Http2Stream stream, Http2Headers headers, boolean isEnd) {
        return codec().encoder()
                .writeHeaders(
                        context(), stream.id(), headers, 0, isEnd, context().newPromise());
    }

    ChannelFuture write(Http2Stream stream, ByteBuf piece, boolean isEnd) {
        controlFrames.sent(piece.readableBytes());
        return codec().encoder()
                .writeData(context(), stream.id(), piece, 0, isEnd, context().newPromise());
    }

    void reset(Http2Stream stream, Http2Error why) {
        if (!isClosed) {
            codec().encoder()
                    .writeRstStream(
                            context(), stream.id(), why.code(), context().newPromise());
            flush();
        }
    }

    /** Whether the client takes what windows do not hold back. */
    boolean isWritable() {
        return channel.isWritable();
    }

    boolean isWritable(Http2Stream stream) {
        return codec().encoder().flowController().isWritable(stream);
    }

    /** Sends what is queued once the event loop has done what it is at: the answers of many requests leave together. */
    void flush() {
        if (!isFlushQueued && !isClosed) {
            isFlushQueued = true;
            channel.eventLoop().execute(this::flushNow);
        }
    }

    private void flushNow() {
        isFlushQueued = false;
        if (!isClosed) {
            codec().flush(context());
        }
    }

    // ---- its life

    @Override
    boolean isBusy() {
        return codec().connection().numActiveStreams() > 0;
    }

    /** New requests are still taken, but the client learns that it should go elsewhere (RFC 9113 section 6.8). */
    @Override
    void lastCall() {
        super.lastCall();
        if (!isLastAnnounced && context != null) {
            isLastAnnounced = true;
            codec().goAway(
                            context(),
                            Integer.MAX_VALUE,
                            Http2Error.NO_ERROR.code(),
                            Unpooled.EMPTY_BUFFER,
                            context().newPromise());
            flush();
        }
    }

    /** No new requests are taken; those under way are answered. */
    @Override
    public void endSoon() {
        lastCall();
        if (context != null && !endsSoon()) {
            codec().goAway(
                            context(),
                            lastTaken(),
                            Http2Error.NO_ERROR.code(),
                            Unpooled.EMPTY_BUFFER,
                            context().newPromise());
            flushNow();
        }
        markEndsSoon();
        if (!isBusy()) {
            closeWhenIdle();
        }
    }

    void closed() {
        isClosed = true;
        touched.clear();
    }

    @Override
    void expire(long nowNanos) {
        if (isClosed) {
            return;
        }
        ClientLimits limits = loop.limits();
        if (output.isStuckFor(limits.write().toNanos(), channel, nowNanos)) {
            loop.counters().count(Event.ANSWERS_TRUNCATED);
            SocketAbort.reset(channel);
        } else if (isFinished) {
            if (isAllTaken && nowNanos - takenSince > limits.linger().toNanos()) {
                close();
            }
        } else if (blocks.isOpenFor(limits.head().toNanos(), nowNanos)) {
            failed(new Http2Exception(Http2Error.PROTOCOL_ERROR, "a head does not end"));
        } else if (isBusy()) {
            streams().forEach(stream -> stream.expire(nowNanos));
        } else if (nowNanos - idleSince > (hasSpoken ? limits.idle() : limits.head()).toNanos()) {
            endSoon();
        }
    }

    @Override
    void stops(boolean hasTime) {
        if (context != null && !isClosed) {
            streams().forEach(stream -> stream.stops(hasTime));
            flushNow();
        }
    }

    private List<Http2ClientStream> streams() {
        List<Http2ClientStream> streams = new ArrayList<>();
        try {
            codec().connection().forEachActiveStream(stream -> {
                Http2ClientStream own = own(stream);
                if (own != null) {
                    streams.add(own);
                }
                return true;
            });
        } catch (Http2Exception e) {
            codec().onError(context(), true, e);
        }
        return streams;
    }
}
