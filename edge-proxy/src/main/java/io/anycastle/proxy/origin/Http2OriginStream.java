package io.anycastle.proxy.origin;

import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.OriginStream;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.message.ResponseHead;
import io.anycastle.proxy.message.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a connection to an origin that speaks HTTP/2 (RFC 9113 section 8.1). It has its place on the connection from its
 * beginning, and a stream from the end of its request's head. What it hears is told to its listener until that has heard of the answer's
 * end or of a failure, or has given the exchange up. Belongs to the connection's event loop.
 */
final class Http2OriginStream implements OriginStream {
    private final Http2OriginConnection connection;
    private final boolean isKept;
    private final Http2RequestFields fields = new Http2RequestFields();
    private final ResponseHead head = new ResponseHead();
    /** What came of the answer's body and is not wanted yet: it counts against the stream's window. */
    private final Deque<ByteBuf> held = new ArrayDeque<>(0);

    private @Nullable Http2Stream stream;
    private @Nullable ResponseListener listener;
    private @Nullable ByteBuf pending;
    private @Nullable Fields trailers;
    private boolean isHeadAsked;
    private boolean isTunnelAsked;
    private boolean isTunnel;
    private boolean isPaused;
    private boolean isAnswered;
    private boolean hasInputEnded;
    private boolean isEndTold;
    private boolean isRequestEnded;
    private boolean isOver;
    /** Of the request's body in octets; negative when its head does not tell. */
    private long left;
    /** The same of the answer's. */
    private long expected;

    Http2OriginStream(Http2OriginConnection connection, ResponseListener listener, boolean isKept) {
        this.connection = connection;
        this.listener = listener;
        this.isKept = isKept;
    }

    // ---- the request

    @Override
    public FieldWriter request(RequestHead line) {
        isHeadAsked = line.isMethod("HEAD");
        fields.begin(line, connection.scheme());
        return fields;
    }

    @Override
    public void endHead(long length) {
        if (isOver) {
            return;
        }
        isTunnelAsked = length == BodyLength.TUNNEL;
        isRequestEnded = length == 0;
        left = length;
        if (isTunnelAsked) {
            fields.askForWebSocket();
        }
        stream = connection.open(this, fields.headers(), isRequestEnded);
        if (stream == null) {
            connection.later(() -> fail(new UnprocessedException("the connection takes no further request")));
        }
    }

    @Override
    public void write(ByteBuf piece) {
        int size = piece.readableBytes();
        if (isOver || isRequestEnded || stream == null || size == 0) {
            piece.release();
            return;
        }
        if (left >= 0 && size > left) {
            piece.release();
            fail(new IllegalStateException("the request is longer than its head says"));
            return;
        }
        left -= left >= 0 ? size : 0;
        writePending();
        pending = piece;
    }

    private void writePending() {
        ByteBuf piece = pending;
        pending = null;
        if (piece != null) {
            write(piece, false);
        }
    }

    private void write(ByteBuf piece, boolean isEnd) {
        if (stream == null) {
            piece.release();
        } else {
            connection.write(stream, piece, isEnd);
        }
    }

    @Override
    public void endRequest(@Nullable Fields behind) {
        if (isOver || isRequestEnded || stream == null) {
            return;
        }
        if (left > 0) {
            fail(new IllegalStateException("the request is shorter than its head says"));
            return;
        }
        endOutput(isTunnel ? null : behind);
        if (isTunnel) {
            connection.flush();
        }
    }

    private void endOutput(@Nullable Fields behind) {
        Http2Stream to = stream;
        if (to == null || isRequestEnded) {
            return;
        }
        isRequestEnded = true;
        if (behind != null) {
            writePending();
            connection.write(to, Http2RequestFields.trailers(behind), true);
        } else {
            ByteBuf last = pending == null ? Unpooled.EMPTY_BUFFER : pending;
            pending = null;
            write(last, true);
        }
    }

    @Override
    public void flush() {
        if (!isOver) {
            writePending();
            connection.flush();
        }
    }

    @Override
    public boolean isWritable() {
        return stream != null && connection.isWritable(stream);
    }

    void writable() {
        if (listener != null && !isRequestEnded) {
            listener.writable();
        }
    }

    // ---- the answer

    /** Takes a head, or the fields behind the body; whether the answer has begun, or was given up. */
    boolean heard(Http2Headers headers, boolean isEnd) {
        if (isOver) {
            return true;
        }
        connection.touched(this);
        try {
            if (isAnswered) {
                takeTrailers(headers, isEnd);
            } else {
                takeHead(headers, isEnd);
            }
        } catch (InvalidAnswerException e) {
            fail(e);
        }
        return isAnswered || isOver;
    }

    private void takeTrailers(Http2Headers headers, boolean isEnd) {
        if (!isEnd || isTunnel) {
            throw new InvalidAnswerException("fields stand where none may");
        }
        Fields behind = connection.answers().trailers(headers);
        trailers = behind.count() == 0 ? null : behind;
        endInput();
    }

    private void takeHead(Http2Headers headers, boolean isEnd) {
        connection.answers().read(headers, head);
        int status = head.status();
        if (status < 200) {
            if (isEnd || status == 101) {
                throw new InvalidAnswerException("an interim answer is the last, or switches to what HTTP/2 cannot");
            }
            if (listener != null) {
                listener.interim(head);
            }
            return;
        }
        isAnswered = true;
        isTunnel = isTunnelAsked && status < 300;
        if (isTunnel) {
            switched();
        }
        long length = length(status, isEnd);
        expected = length == BodyLength.NONE ? 0 : length;
        if (listener != null) {
            listener.answered(head, length);
        }
        if (isEnd && !isOver) {
            endInput();
        }
    }

    /** Tells of the tunnel as HTTP/1.1 does (RFC 9110 section 15.2.2, RFC 6455 section 4.2.2). */
    private void switched() {
        String key = fields.webSocketKey();
        Fields told = head.fields();
        if (!key.isEmpty() && !told.has(FieldName.SEC_WEBSOCKET_ACCEPT)) {
            told.add(FieldName.SEC_WEBSOCKET_ACCEPT.text(), WebSocketAccept.of(key));
        }
        head.mark(101, 0, 0, HttpVersion.HTTP_2);
    }

    private long length(int status, boolean isEnd) {
        if (isTunnel) {
            return BodyLength.TUNNEL;
        }
        long told = AnswerFraming.length(head.fields());
        if (isHeadAsked || status == 204 || status == 304) {
            return BodyLength.NONE;
        }
        if (isEnd && told > 0) {
            throw new InvalidAnswerException("a body is announced and does not come");
        }
        return isEnd ? 0 : told < 0 ? BodyLength.UNKNOWN : told;
    }

    /**
     * Takes a piece of the body.
     *
     * @return how many octets of it need not be kept: the origin may send as many more
     */
    int take(ByteBuf data, boolean isEnd) {
        int size = data.readableBytes();
        if (isOver) {
            return size;
        }
        connection.touched(this);
        if (!isAnswered) {
            fail(new InvalidAnswerException("a body comes before its head"));
            return size;
        }
        boolean isTold = expected >= 0;
        if (isTold && (size > expected || (isEnd && size < expected))) {
            fail(new InvalidAnswerException("the body is not as long as its head says"));
            return size;
        }
        expected -= isTold ? size : 0;
        boolean isHeld = size > 0 && (isPaused || !held.isEmpty());
        if (isHeld) {
            held.addLast(data.retainedSlice());
        } else if (size > 0 && listener != null) {
            listener.body(data.retainedSlice());
        }
        if (isEnd && !isOver) {
            endInput();
        }
        return isHeld ? 0 : size;
    }

    private void endInput() {
        if (expected > 0) {
            throw new InvalidAnswerException("the body is not as long as its head says");
        }
        hasInputEnded = true;
        tellEnd();
    }

    private void tellEnd() {
        ResponseListener told = listener;
        if (!hasInputEnded || isPaused || !held.isEmpty() || isEndTold || told == null) {
            return;
        }
        isEndTold = true;
        if (isTunnel) {
            told.ended(null);
            return;
        }
        listener = null;
        told.ended(trailers);
        end(Http2Error.CANCEL); // what is left of the request, nobody wants
    }

    void readComplete() {
        if (listener != null) {
            listener.readComplete();
        }
    }

    @Override
    public void pause() {
        isPaused = true;
    }

    @Override
    public void resume() {
        isPaused = false;
        boolean wasHeld = !held.isEmpty();
        while (!isPaused && !held.isEmpty()) {
            ByteBuf piece = held.removeFirst();
            int size = piece.readableBytes();
            if (listener == null) {
                piece.release();
            } else {
                listener.body(piece);
            }
            connection.consumed(stream, size);
        }
        if (!isPaused) {
            tellEnd();
        }
        if (wasHeld) {
            readComplete();
        }
    }

    // ---- what its connection is

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_2;
    }

    @Override
    public boolean isKept() {
        return isKept;
    }

    @Override
    public void afterLook(Runnable action) {
        connection.afterLook(action);
    }

    /** Other clients' requests may be under way, and end by themselves. */
    @Override
    public void useLast() {}

    @Override
    public boolean staysOpen() {
        return connection.takesRequests();
    }

    // ---- ends

    /** The origin has broken the exchange off. */
    void resetByOrigin(long code) {
        boolean isUnprocessed = code == Http2Error.REFUSED_STREAM.code() || code == Http2Error.HTTP_1_1_REQUIRED.code();
        closed(
                isUnprocessed && !isAnswered
                        ? new UnprocessedException("the origin refuses the request: error " + code)
                        : new IOException("the origin breaks the exchange off: error " + code));
    }

    /** The stream is closed on both sides, or the connection is; what has come whole is told all the same. */
    void closed(Throwable why) {
        if (!hasInputEnded || (isTunnel && isEndTold && !isRequestEnded)) {
            fail(why);
        } else {
            isRequestEnded = true;
        }
    }

    void fail(Throwable why) {
        if (isOver) {
            return;
        }
        ResponseListener told = listener;
        end(why instanceof InvalidAnswerException ? Http2Error.PROTOCOL_ERROR : Http2Error.CANCEL);
        if (told != null) {
            told.failed(why);
        }
    }

    @Override
    public void closeTunnel() {
        if (isOver) {
            return;
        }
        endOutput(null);
        isOver = true;
        listener = null;
        releaseHeld();
        connection.flush();
        connection.resetInTime(stream);
    }

    @Override
    public void abandon() {
        if (!isOver) {
            end(Http2Error.CANCEL);
        }
    }

    private void end(Http2Error code) {
        if (isOver) {
            return;
        }
        isOver = true;
        listener = null;
        if (pending != null) {
            pending.release();
            pending = null;
        }
        releaseHeld();
        if (stream == null) {
            connection.leave(this);
        } else {
            connection.reset(stream, hasInputEnded, code);
        }
    }

    private void releaseHeld() {
        for (ByteBuf piece = held.pollFirst(); piece != null; piece = held.pollFirst()) {
            int size = piece.readableBytes();
            piece.release();
            connection.consumed(stream, size);
        }
    }
}
