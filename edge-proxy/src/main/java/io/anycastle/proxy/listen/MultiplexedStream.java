package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.ClientStream;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.message.RequestListener;
import io.anycastle.proxy.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.Headers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request of a connection that carries several at the same time, and its answer (RFC 9113 section 8.1, RFC 9114 section 4.1). Belongs to
 * the connection's event loop.
 *
 * @param <H> the codec's form of a field section
 */
abstract class MultiplexedStream<H extends Headers<CharSequence, CharSequence, H>> implements ClientStream {
    /** Why a stream ends before its time, which each version of HTTP has its own number for. */
    enum Fault {
        /** What is left of the request is not wanted. */
        UNWANTED,
        /** The other end of a tunnel, or who should take the answer, is gone. */
        CANCELLED,
        /** The answer cannot be completed. */
        INTERNAL,
        /** The request breaks the grammar. */
        MALFORMED
    }

    private final LoopConnections loop;
    private final RequestHead head;
    private final HttpVersion version;
    private final AnswerFields<H> fields;
    /** What came of the body and is not wanted yet: it counts against the stream's window. */
    private final Deque<ByteBuf> held = new ArrayDeque<>(0);

    private @Nullable RequestListener listener;
    private long bodyLength;
    private long bytesRead;
    private long bytesWritten;
    private long droppedBytes;
    private int status;
    private boolean isPaused = true;
    private boolean hasInputEnded;
    private boolean isBodyEnded;
    private boolean isHeadPending;
    private @Nullable ByteBuf pending;
    private @Nullable Fields trailers;
    private boolean hasAnswerEnded;
    private boolean isTunnel;
    private boolean isTunnelEnding;
    private boolean isClosed;
    private long sinceNanos;

    /** @param sections makes an empty field section */
    MultiplexedStream(LoopConnections loop, RequestHead head, HttpVersion version, Supplier<H> sections) {
        this.loop = loop;
        this.head = head;
        this.version = version;
        this.fields = new AnswerFields<>(sections);
    }

    // ---- the wire

    /** The client may send as many octets more of the body. */
    abstract void consumed(int octets);

    /** Queues a field section. */
    abstract ChannelFuture send(H section, boolean isEnd);

    /** Queues a piece of the body, which may be empty at the end of it. */
    abstract ChannelFuture send(ByteBuf piece, boolean isEnd);

    /** Ends the stream on both sides, or the client's alone when what is left of the request is unwanted. */
    abstract void breakOff(Fault why);

    /** Sends what is queued. */
    abstract void flushOutput();

    /** The listener has been told something, and will hear of the end of what is being read. */
    abstract void touched();

    /** The end of what is being read, where nothing is. */
    abstract void tellTouched();

    /** Whether the client takes an answer that comes before the answer. */
    abstract boolean takesInterim();

    /** Octets of the body that the client may send unasked. */
    abstract int windowBytes();

    // ---- what comes

    /** @param length of the body in octets, or {@link BodyLength#UNKNOWN} */
    void begin(long length) {
        bodyLength = length;
        hasInputEnded = length == 0;
        isBodyEnded = length == 0 && !head.isWebSocket(); // the end of a tunnel is told in it
        loop.handler().take(this);
    }

    /** Refuses a head that is beyond a limit. */
    void refuse(HeadFault fault, boolean isEnd) {
        head.begin("GET", "/", version);
        bodyLength = isEnd ? 0 : BodyLength.UNKNOWN;
        hasInputEnded = isEnd;
        isBodyEnded = isEnd;
        loop.handler().refuse(this, fault);
    }

    /**
     * Takes a piece of the body.
     *
     * @return how many octets of it need not be kept: the client may send as many more
     */
    int take(ByteBuf data, boolean isEnd) {
        int size = data.readableBytes();
        bytesRead += size;
        boolean isTold = bodyLength >= 0;
        if (isTold && (bytesRead > bodyLength || (isEnd && bytesRead < bodyLength))) {
            malformed();
            return size;
        }
        hasInputEnded |= isEnd;
        if (hasAnswerEnded && !isTunnel) {
            refuseRest(size, isEnd);
            return size;
        }
        if (listener == null) {
            return size;
        }
        if (isPaused || !held.isEmpty()) {
            held.addLast(data.retainedSlice());
            return 0;
        }
        tell(data.retainedSlice());
        tellEnd();
        return size;
    }

    /** What is left of a request that is answered, nobody wants (RFC 9113 section 8.1); a little of it may be on its way already. */
    private void refuseRest(int size, boolean isEnd) {
        droppedBytes += size;
        if (!isEnd && listener == null && droppedBytes > windowBytes()) {
            breakOff(Fault.UNWANTED);
        }
    }

    private void tell(ByteBuf piece) {
        RequestListener hears = listener;
        if (hears == null || !piece.isReadable()) {
            piece.release();
        } else {
            touched();
            hears.uploaded(piece);
        }
    }

    private void tellEnd() {
        RequestListener hears = listener;
        if (hasInputEnded && held.isEmpty() && !isBodyEnded) {
            isBodyEnded = true;
            if (hears != null) {
                touched();
                hears.uploadEnded(trailers);
            }
        }
    }

    /** Takes the fields behind the body. */
    void takeTrailers(Fields behind) {
        if (bodyLength >= 0 && bytesRead < bodyLength) {
            malformed();
            return;
        }
        trailers = behind.count() == 0 ? null : behind;
        hasInputEnded = true;
        if (!isPaused && held.isEmpty()) {
            tellEnd();
        }
    }

    private void malformed() {
        RequestListener hears = listener;
        listener = null;
        loop.counters().count(Event.REQUESTS_MALFORMED);
        breakOff(Fault.MALFORMED);
        if (hears != null) {
            hears.gone();
        }
    }

    void readComplete() {
        RequestListener hears = listener;
        if (hears != null) {
            hears.clientReadComplete();
        }
    }

    void writable() {
        RequestListener hears = listener;
        if (hears != null && !hasAnswerEnded) {
            hears.clientWritable();
        }
    }

    /** The stream is closed on both sides, or the connection is. */
    void closed() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        releaseHeld();
        if (pending != null) {
            pending.release();
            pending = null;
        }
        RequestListener hears = listener;
        listener = null;
        if (hears != null) {
            hears.gone();
        }
        loop.giveBack(head);
    }

    private void releaseHeld() {
        int size = 0;
        for (ByteBuf piece = held.pollFirst(); piece != null; piece = held.pollFirst()) {
            size += piece.readableBytes();
            piece.release();
        }
        consumed(size);
    }

    // ---- the port

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public long bodyLength() {
        return bodyLength;
    }

    @Override
    public boolean isBodyEnded() {
        return isBodyEnded;
    }

    @Override
    public void listen(RequestListener who) {
        listener = who;
    }

    @Override
    public void resumeBody() {
        isPaused = false;
        if (hasAnswerEnded && !isTunnel) {
            releaseHeld();
            return;
        }
        while (!isPaused && !held.isEmpty()) {
            ByteBuf piece = held.removeFirst();
            int size = piece.readableBytes();
            tell(piece);
            consumed(size);
        }
        if (!isPaused) {
            tellEnd();
        }
        if (!isReading()) {
            tellTouched();
        }
    }

    @Override
    public void pauseBody() {
        isPaused = true;
    }

    @Override
    public @Nullable FieldWriter interim(ResponseHead of) {
        return isClosed || !takesInterim() ? null : fields.begin(of.status());
    }

    @Override
    public void endInterim() {
        send(fields.headers(), false);
    }

    @Override
    public FieldWriter answer(int is, String reason) {
        status = is;
        return fields.begin(is);
    }

    @Override
    public FieldWriter answer(ResponseHead of) {
        // the switch to another protocol is a success of CONNECT here (RFC 8441 section 5)
        return answer(of.status() == 101 ? 200 : of.status(), "");
    }

    @Override
    public void endHead(long length, boolean isLast) {
        isHeadPending = true;
        isTunnel = length == BodyLength.TUNNEL;
    }

    @Override
    public void write(ByteBuf piece) {
        if (isClosed || hasAnswerEnded || !piece.isReadable()) {
            piece.release();
            return;
        }
        bytesWritten += piece.readableBytes();
        writePending();
        pending = piece;
    }

    private void writePending() {
        if (isClosed) {
            return;
        }
        if (isHeadPending) {
            isHeadPending = false;
            send(fields.headers(), false);
        }
        ByteBuf piece = pending;
        pending = null;
        if (piece != null) {
            send(piece, false);
        }
    }

    @Override
    public void endAnswer(@Nullable Fields behind) {
        if (isClosed || hasAnswerEnded) {
            return;
        }
        hasAnswerEnded = true;
        sinceNanos = System.nanoTime();
        if (behind != null) {
            writePending();
            whenSent(send(fields.trailers(behind), true));
        } else if (isHeadPending && pending == null) {
            isHeadPending = false;
            whenSent(send(fields.headers(), true));
        } else {
            ByteBuf last = pending == null ? Unpooled.EMPTY_BUFFER : pending;
            pending = null;
            writePending();
            whenSent(send(last, true));
        }
        flushOutput();
    }

    private void whenSent(ChannelFuture written) {
        if (!isTunnel) {
            written.addListener(done -> sent(done.isSuccess()));
        }
    }

    private void sent(boolean isWhole) {
        RequestListener hears = listener;
        if (hears == null) {
            return;
        }
        if (isWhole) {
            listener = null;
            hears.sent();
            if (head.isWebSocket() && !hasInputEnded) {
                breakOff(Fault.UNWANTED); // a tunnel was not opened, and nothing is to come by it
            }
        }
        sinceNanos = System.nanoTime();
    }

    @Override
    public void flush() {
        writePending();
        flushOutput();
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public long bytesRead() {
        return bytesRead;
    }

    @Override
    public long bytesWritten() {
        return bytesWritten;
    }

    @Override
    public void abort() {
        listener = null;
        if (isClosed) {
            return;
        }
        breakOff(isTunnel ? Fault.CANCELLED : Fault.INTERNAL);
    }

    @Override
    public void closeTunnel() {
        isTunnelEnding = true;
        sinceNanos = System.nanoTime();
        endAnswer(null);
        if (!isBodyEnded && !isClosed) {
            breakOff(Fault.CANCELLED);
        }
    }

    void stops(boolean hasTime) {
        RequestListener hears = listener;
        if (hears != null) {
            hears.stops(hasTime);
        }
    }

    void expire(long nowNanos) {
        RequestListener hears = listener;
        boolean isAnswering = isTunnel ? !isTunnelEnding : !hasAnswerEnded;
        if (hears != null && isAnswering) {
            hears.expire(nowNanos);
        } else if (!isAnswering) {
            expireAnswered(hears != null, nowNanos - sinceNanos);
        }
    }

    /** The client has not taken all of the answer, or has not ended its request. */
    private void expireAnswered(boolean isUnsent, long nanos) {
        ClientLimits limits = loop.limits();
        if (isUnsent && nanos > limits.write().toNanos()) {
            loop.counters().count(Event.ANSWERS_TRUNCATED);
            breakOff(Fault.CANCELLED);
        } else if (!isUnsent && nanos > limits.linger().toNanos()) {
            breakOff(Fault.UNWANTED);
        }
    }
}
