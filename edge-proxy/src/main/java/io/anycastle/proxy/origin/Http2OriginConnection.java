package io.anycastle.proxy.origin;

import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.ControlFrames;
import io.anycastle.proxy.listen.SocketAbort;
import io.anycastle.proxy.message.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to an origin that speaks HTTP/2 (RFC 9113): many exchanges at the same time, on Netty's codec. Until the origin's settings
 * have come it carries one, so that no request is sent only to be refused; afterwards as many as both sides allow, until the origin says
 * that it goes away. Belongs to its event loop.
 */
final class Http2OriginConnection {
    /** Who gives it its requests. */
    interface Holder {
        /** It may take another request, or is unused. */
        void hasRoom(Http2OriginConnection connection);

        /** It takes none any more, and its place is free. */
        void ended(Http2OriginConnection connection);

        /** The origin wants HTTP/1.1 (RFC 9113 section 7). */
        void wantsHttp1();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Http2OriginConnection.class);

    private final Channel channel;
    private final Holder holder;
    private final OriginConfig config;
    private final ProxyCounters counters;
    private final OriginTarget target;
    private final Http2AnswerReader answers;
    private final ControlFrames controlFrames;
    private final Http2Liveness liveness;
    private final Set<Http2OriginStream> streams = new LinkedHashSet<>();
    private final List<Http2OriginStream> touched = new ArrayList<>();
    private @Nullable Http2OriginHandler codec;
    private @Nullable ChannelHandlerContext context;
    private Http2Connection.@Nullable PropertyKey key;
    private @Nullable Throwable failure;
    private long streamsMax;
    private boolean isGreeted;
    private boolean takesTunnels;
    private boolean isLeaving;
    private boolean isFlushQueued;
    /** It has brought an answer. */
    private boolean isProven;

    private boolean isOver;
    private long idleUntil;

    /** Takes a connected channel, with TLS if there is any; {@link Http2OriginHandler} is to be added to its pipeline. */
    Http2OriginConnection(
            Channel channel, OriginTarget target, Holder holder, OriginConfig config, ProxyCounters counters) {
        this.channel = channel;
        this.target = target;
        this.holder = holder;
        this.config = config;
        this.counters = counters;
        this.streamsMax = config.http2().streamsMax();
        this.answers = new Http2AnswerReader(config.headerBytesMax());
        this.controlFrames = new ControlFrames(
                config.http2().controlFramesMax(), config.http2().window());
        this.liveness = new Http2Liveness(this, channel, config.writeTimeout());
        counters.count(Event.ORIGIN_HTTP2_CONNECTIONS);
    }

    /** Takes its codec, which is in the channel's pipeline, or will be in a moment. */
    void attach(Http2OriginHandler by) {
        codec = by;
        Http2Connection connection = by.connection();
        key = connection.newKey();
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                streamClosed(stream);
            }

            @Override
            public void onGoAwayReceived(int lastId, long code, ByteBuf debug) {
                goesAway(code);
            }
        });
        by.encoder().flowController().listener(stream -> {
            Http2OriginStream own = own(stream);
            if (own != null && isWritable(stream)) {
                own.writable();
            }
        });
    }

    void added(ChannelHandlerContext to) {
        context = to;
    }

    private Http2OriginHandler codec() {
        return Objects.requireNonNull(codec, "attached");
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "added");
    }

    private @Nullable Http2OriginStream own(@Nullable Http2Stream stream) {
        return stream == null || key == null ? null : stream.getProperty(key);
    }

    OriginConfig config() {
        return config;
    }

    String scheme() {
        return target.scheme().isTls() ? "https" : "http";
    }

    Http2AnswerReader answers() {
        return answers;
    }

    Http2Liveness liveness() {
        return liveness;
    }

    // ---- its requests

    /** Whether another request may begin. */
    boolean hasRoom() {
        return takesRequests() && streams.size() < (isGreeted ? streamsMax : 1);
    }

    /** Whether it takes further requests, now or later. */
    boolean takesRequests() {
        return !isLeaving && !isOver;
    }

    /** Whether the origin's settings have come. */
    boolean isGreeted() {
        return isGreeted;
    }

    /** Whether the origin has announced that it takes other protocols by CONNECT (RFC 8441 section 3). */
    boolean takesTunnels() {
        return takesTunnels;
    }

    boolean isUnused() {
        return streams.isEmpty();
    }

    /** Begins an exchange. */
    void begin(ResponseListener listener) {
        Http2OriginStream own = new Http2OriginStream(this, listener, isProven);
        streams.add(own);
        liveness.asked();
        try {
            listener.connected(own);
        } catch (RuntimeException e) {
            own.abandon();
            throw e;
        }
    }

    /** Writes the head of a request, which makes its stream; null when there can be none any more. */
    @Nullable
    Http2Stream open(Http2OriginStream own, Http2Headers headers, boolean isEnd) {
        Http2Connection connection = codec().connection();
        if (!takesRequests() || !connection.local().canOpenStream()) {
            return null;
        }
        int id = connection.local().incrementAndGetNextStreamId();
        if (id < 0) {
            leaves();
            return null;
        }
        liveness.asked();
        codec().encoder()
                .writeHeaders(context(), id, headers, 0, isEnd, context().newPromise());
        Http2Stream stream = connection.stream(id);
        if (stream != null) {
            stream.setProperty(Objects.requireNonNull(key, "attached"), own);
        }
        return stream;
    }

    /** Takes an exchange off that has no stream. */
    void leave(Http2OriginStream own) {
        if (streams.remove(own)) {
            later(this::roomMade);
        }
    }

    private void streamClosed(Http2Stream stream) {
        Http2OriginStream own = own(stream);
        if (own == null) {
            return;
        }
        streams.remove(own);
        own.closed(whyClosed(stream));
        later(this::roomMade);
    }

    private Throwable whyClosed(Http2Stream stream) {
        Http2Connection.Endpoint<?> mine = codec().connection().local();
        if (codec().connection().goAwayReceived() && stream.id() > mine.lastStreamKnownByPeer()) {
            return new UnprocessedException("the origin goes away without having looked at the request");
        }
        return failure == null ? new ClosedChannelException() : failure;
    }

    private void roomMade() {
        if (isOver) {
            return;
        }
        if (isLeaving && streams.isEmpty()) {
            close();
        } else {
            holder.hasRoom(this);
        }
    }

    // ---- what comes

    void heard(int id, Http2Headers headers, boolean isEnd) throws Http2Exception {
        Http2OriginStream own = own(codec().connection().stream(id));
        if (own == null) {
            countControl(); // of one that was given up
            return;
        }
        if (!own.heard(headers, isEnd)) {
            countControl(); // an interim answer
        }
        isProven = true;
    }

    int heard(int id, ByteBuf data, boolean isEnd) {
        Http2OriginStream own = own(codec().connection().stream(id));
        return own == null ? data.readableBytes() : own.take(data, isEnd);
    }

    void reset(int id, long code) {
        if (code == Http2Error.HTTP_1_1_REQUIRED.code()) {
            wantsHttp1();
        }
        Http2OriginStream own = own(codec().connection().stream(id));
        if (own != null) {
            own.resetByOrigin(code);
        }
    }

    /** The origin's settings have come, for the first time or anew. */
    void greeted(@Nullable Long streamsAllowed, @Nullable Boolean isConnectProtocol) {
        isGreeted = true;
        if (streamsAllowed != null) {
            streamsMax = Math.min(streamsAllowed, config.http2().streamsMax());
        }
        if (isConnectProtocol != null) {
            takesTunnels = isConnectProtocol;
        }
        later(this::roomMade);
    }

    /** The origin takes no further requests, and has not looked at those whose streams Netty closes now. */
    void goesAway(long code) {
        if (code == Http2Error.HTTP_1_1_REQUIRED.code()) {
            wantsHttp1();
        } else if (code != Http2Error.NO_ERROR.code()) {
            LOG.debug("Origin {} ends a connection of HTTP/2 with error {}", target, code);
        }
        leaves();
    }

    private void wantsHttp1() {
        holder.wantsHttp1();
        leaves();
    }

    private void leaves() {
        isLeaving = true;
        later(this::roomMade);
    }

    void countAnswering() throws Http2Exception {
        check(controlFrames.isFloodedByAnswer(System.nanoTime()));
    }

    void countControl() throws Http2Exception {
        check(controlFrames.isFlooded(System.nanoTime()));
    }

    private static void check(boolean isFlooded) throws Http2Exception {
        if (isFlooded) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many control frames");
        }
    }

    /** An answer breaks the grammar in a way that the codec has noticed. */
    void malformed(int id, String why) {
        Http2OriginStream own = own(codec().connection().stream(id));
        if (own != null) {
            own.fail(new InvalidAnswerException(why));
        }
    }

    /** The stream has been told something, and will hear of the end of what is being read. */
    void touched(Http2OriginStream stream) {
        if (touched.isEmpty() || !touched.getLast().equals(stream)) {
            touched.add(stream);
        }
    }

    void readComplete() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).readComplete();
        }
        touched.clear();
    }

    /** The origin may send as many octets more. */
    void consumed(@Nullable Http2Stream stream, int octets) {
        if (octets == 0 || isOver || stream == null) {
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

    void write(Http2Stream stream, Http2Headers headers, boolean isEnd) {
        codec().encoder()
                .writeHeaders(
                        context(), stream.id(), headers, 0, isEnd, context().newPromise());
    }

    void write(Http2Stream stream, ByteBuf piece, boolean isEnd) {
        controlFrames.sent(piece.readableBytes());
        codec().encoder()
                .writeData(context(), stream.id(), piece, 0, isEnd, context().newPromise());
    }

    /** Breaks an exchange off, unless both sides have ended it already. */
    void reset(Http2Stream stream, boolean hasInputEnded, Http2Error why) {
        boolean isDone = hasInputEnded && !stream.state().localSideOpen();
        if (!isOver && !isDone && stream.state() != Http2Stream.State.CLOSED) {
            codec().encoder()
                    .writeRstStream(
                            context(), stream.id(), why.code(), context().newPromise());
            flush();
        }
    }

    /** Breaks an exchange off that the origin does not end in time. */
    void resetInTime(@Nullable Http2Stream stream) {
        if (stream != null) {
            channel.eventLoop()
                    .schedule(
                            () -> reset(stream, false, Http2Error.CANCEL),
                            config.writeTimeout().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    boolean isWritable(Http2Stream stream) {
        return codec().encoder().flowController().isWritable(stream);
    }

    void ping() {
        codec().encoder()
                .writePing(context(), false, System.nanoTime(), context().newPromise());
        flush();
    }

    /** Sends what is queued once the event loop has done what it is at: the requests of many clients leave together. */
    void flush() {
        if (!isFlushQueued && !isOver) {
            isFlushQueued = true;
            later(this::flushNow);
        }
    }

    private void flushNow() {
        isFlushQueued = false;
        if (!isOver) {
            codec().flush(context());
        }
    }

    /** Does something once the event loop has done what it is at. */
    void later(Runnable action) {
        channel.eventLoop().execute(action);
    }

    /** Does something once the event loop has looked at all its sockets. */
    void afterLook(Runnable action) {
        channel.eventLoop().schedule(action, 0, TimeUnit.NANOSECONDS);
    }

    // ---- its life

    /** When the connection, unused, is to be closed, by {@link System#nanoTime}. */
    long idleUntil() {
        return idleUntil;
    }

    void idleFrom(long nowNanos, Duration keepAlive) {
        idleUntil = nowNanos + keepAlive.toNanos();
    }

    /** Ends a connection that nobody uses. */
    void close() {
        if (!isOver) {
            end(Http2Error.NO_ERROR, "");
            channel.close();
        }
    }

    /** Ends the connection for a fault of the origin's, or of the edge's own; its requests fail. */
    void fail(Throwable why) {
        if (isOver) {
            return;
        }
        failure = why;
        Http2Error code = Http2Error.INTERNAL_ERROR;
        if (why instanceof Http2Exception fault) {
            code = fault.error();
            failure = new InvalidAnswerException(String.valueOf(why.getMessage()));
            LOG.debug("Connection of HTTP/2 to origin {} is ended: {}", target, why.getMessage());
        }
        if (code == Http2Error.ENHANCE_YOUR_CALM) {
            counters.count(Event.ORIGIN_HTTP2_FLOODS);
        }
        end(code, String.valueOf(why.getMessage()));
        SocketAbort.close(channel);
    }

    /** The channel is closed. */
    void closed() {
        if (!isOver) {
            isOver = true;
            ended();
        }
    }

    private void end(Http2Error code, String words) {
        isOver = true;
        int last = codec().connection().remote().lastStreamCreated();
        codec().encoder()
                .frameWriter()
                .writeGoAway(
                        context(),
                        last,
                        code.code(),
                        Unpooled.copiedBuffer(words, StandardCharsets.UTF_8),
                        context().newPromise());
        context().flush();
        ended();
    }

    private void ended() {
        liveness.stop();
        touched.clear();
        Throwable why = failure == null ? new ClosedChannelException() : failure;
        codec().connection().close(context().voidPromise());
        for (Http2OriginStream own : List.copyOf(streams)) {
            own.closed(why);
        }
        streams.clear();
        holder.ended(this);
    }
}
