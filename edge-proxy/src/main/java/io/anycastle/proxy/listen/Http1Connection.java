package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.message.ClientStream;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.message.RequestListener;
import io.anycastle.proxy.message.ResponseHead;
import io.anycastle.proxy.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection of HTTP/1.0 or 1.1 (RFC 9112): one request after another, of which the next is read when the answer to the one before
 * has been taken. Belongs to its event loop.
 */
final class Http1Connection extends ConnectionFacts implements ClientStream {
    private static final AsciiString CLOSE = new AsciiString("close");
    private static final AsciiString UPGRADE = new AsciiString("upgrade");
    private static final AsciiString WEBSOCKET = new AsciiString("websocket");
    private static final int HEAD_STEP_BYTES = 4 * 1024;

    /** What the connection does. */
    private enum Phase {
        /** Waits for a request, or reads the head of one. */
        HEAD,
        /** A request is being answered. */
        EXCHANGE,
        /** An answer has ended that the client has not taken yet. */
        FLUSHING,
        /** It is the last answer: what still comes of its request is taken and dropped (RFC 9112 section 9.6). */
        LINGERING,
        CLOSED
    }

    private final ChannelHandlerContext context;
    private final HeadScanner scanner;
    private final RequestBodyReader body;
    private final Http1AnswerWriter answers;
    /** What was read and waits until it may be looked at. */
    private final Deque<ByteBuf> held = new ArrayDeque<>(2);

    private Phase phase = Phase.HEAD;
    private @Nullable RequestHead head;
    private @Nullable RequestListener listener;
    private long bodyLength;
    private long bytesRead;
    private int status;
    private boolean isPaused;
    private boolean isTunnel;
    private boolean hasAnswerEnded;
    private boolean isLast;
    private boolean inputEnded;
    private boolean isTaking;
    private boolean isReading;
    private boolean wantsFlush;
    private boolean isAnswerTaken;
    private long sinceNanos = System.nanoTime();

    Http1Connection(
            ChannelHandlerContext context, ListenerConfig listener, LoopConnections loop, @Nullable TlsSession tls) {
        super(context.channel(), listener, loop, tls);
        this.context = context;
        this.scanner = new HeadScanner(loop.config().heads());
        this.body = new RequestBodyReader(loop.config().heads());
        this.answers = new Http1AnswerWriter(context);
    }

    // ---- what comes

    /** Takes what has been read, whose end it is to release. */
    void read(ByteBuf octets) {
        isReading = true;
        if (phase == Phase.CLOSED) {
            octets.release();
            return;
        }
        held.addLast(octets);
        takeHeld();
    }

    private void takeHeld() {
        if (isTaking) {
            return;
        }
        isTaking = true;
        boolean goesOn = true;
        while (goesOn && !held.isEmpty()) {
            ByteBuf first = held.removeFirst();
            goesOn = take(first) && phase != Phase.CLOSED;
            if (first.isReadable() && phase != Phase.CLOSED) {
                held.addFirst(first);
            } else {
                first.release();
            }
        }
        isTaking = false;
        if (inputEnded && held.isEmpty()) {
            inputHasEnded();
        }
        if (!isReading) {
            tellReadComplete();
        }
        channel.config().setAutoRead(held.isEmpty() && !isHolding());
    }

    private void tellReadComplete() {
        RequestListener hears = listener;
        if (hears != null && phase == Phase.EXCHANGE) {
            hears.clientReadComplete();
        }
    }

    /** Whether the body's next piece is not wanted yet. */
    private boolean isHolding() {
        return isPaused && phase == Phase.EXCHANGE && !body.isDone();
    }

    /** Takes some of the octets; says whether more of them may be taken now. */
    private boolean take(ByteBuf in) {
        return switch (phase) {
            case HEAD -> takeHead(in);
            case EXCHANGE, LINGERING -> takeBody(in);
            case FLUSHING, CLOSED -> false;
        };
    }

    /** The first octets of a head have come: from now on it has its time. */
    RequestHead headBegins() {
        RequestHead reading = head;
        if (reading == null) {
            reading = loop.takeHead();
            head = reading;
            scanner.reset();
            sinceNanos = System.nanoTime();
        }
        return reading;
    }

    private boolean takeHead(ByteBuf in) {
        RequestHead reading = headBegins();
        Fields fields = reading.fields();
        int step = Math.min(in.readableBytes(), HEAD_STEP_BYTES);
        fields.append(in, in.readerIndex(), step);
        boolean isWhole = scanner.scan(fields);
        int unread = fields.size() - scanner.position();
        in.skipBytes(step - (isWhole ? unread : 0));
        HeadFault fault = scanner.fault();
        if (isWhole) {
            fields.cut(scanner.position());
            scanner.tell(reading);
            fault = RequestFraming.fault(reading).orElse(null);
        }
        if (fault != null) {
            refuse(reading, fault);
        } else if (isWhole) {
            begin(reading);
        }
        return true;
    }

    private void begin(RequestHead whole) {
        bodyLength = RequestFraming.length(whole);
        body.begin(bodyLength);
        isLast = whole.version() == HttpVersion.HTTP_1_0 || whole.fields().lists(FieldName.CONNECTION, CLOSE);
        if (isWebSocketAsked(whole)) {
            whole.asksForWebSocket();
        }
        startExchange();
        loop.handler().take(this);
    }

    private boolean isWebSocketAsked(RequestHead whole) {
        Fields fields = whole.fields();
        return fields.has(FieldName.UPGRADE)
                && whole.isMethod("GET")
                && bodyLength == 0
                && whole.version() == HttpVersion.HTTP_1_1
                && fields.lists(FieldName.UPGRADE, WEBSOCKET)
                && fields.lists(FieldName.CONNECTION, UPGRADE);
    }

    /** Nothing of what follows can be read. */
    private void refuse(RequestHead broken, HeadFault fault) {
        broken.clear();
        broken.begin("GET", "/", HttpVersion.HTTP_1_1);
        bodyLength = BodyLength.UNKNOWN;
        body.begin(BodyLength.TUNNEL);
        isLast = true;
        startExchange();
        loop.handler().refuse(this, fault);
    }

    private void startExchange() {
        phase = Phase.EXCHANGE;
        isPaused = true;
        isTunnel = false;
        hasAnswerEnded = false;
        isAnswerTaken = false;
        bytesRead = 0;
        status = 0;
    }

    private boolean takeBody(ByteBuf in) {
        if (phase == Phase.EXCHANGE && (isPaused || body.isDone())) {
            return false;
        }
        ByteBuf piece = body.next(in);
        RequestListener hears = phase == Phase.EXCHANGE ? listener : null;
        if (piece != null) {
            bytesRead += piece.readableBytes();
            if (hears == null) {
                piece.release();
            } else {
                hears.uploaded(piece);
            }
        }
        if (phase == Phase.CLOSED) {
            return false;
        }
        if (body.isBroken()) {
            bodyIsBroken(in, hears);
        } else if (body.isDone()) {
            bodyHasEnded(in, hears);
        }
        return true;
    }

    private void bodyIsBroken(ByteBuf in, @Nullable RequestListener hears) {
        in.skipBytes(in.readableBytes());
        body.begin(BodyLength.TUNNEL);
        if (hears != null) {
            isPaused = true;
            isLast = true;
            hears.uploadMalformed();
        }
    }

    private void bodyHasEnded(ByteBuf in, @Nullable RequestListener hears) {
        if (hears != null) {
            hears.uploadEnded(body.trailers());
        } else if (phase == Phase.LINGERING) {
            in.skipBytes(in.readableBytes());
            lingered();
        }
    }

    void readComplete() {
        tellReadComplete();
        isReading = false;
        if (wantsFlush) {
            wantsFlush = false;
            flushNow();
        }
    }

    void event(Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            if (held.isEmpty()) {
                inputHasEnded();
            }
        }
    }

    /** The client says nothing any more, but may still listen. */
    private void inputHasEnded() {
        inputEnded = false;
        boolean isAnswering = status >= 200 && body.isDone();
        if (isTunnel && phase == Phase.EXCHANGE) {
            body.begin(0);
            RequestListener hears = listener;
            if (hears != null) {
                hears.uploadEnded(null);
            }
        } else if ((phase == Phase.EXCHANGE && isAnswering) || phase == Phase.FLUSHING) {
            isLast = true;
        } else if (phase == Phase.LINGERING && !isAnswerTaken) {
            body.begin(0);
        } else {
            close();
        }
    }

    // ---- the port

    @Override
    public ClientConnection connection() {
        return this;
    }

    @Override
    public RequestHead head() {
        return Objects.requireNonNull(head, "in an exchange");
    }

    @Override
    public long bodyLength() {
        return bodyLength;
    }

    @Override
    public boolean isBodyEnded() {
        return body.isDone();
    }

    @Override
    public void listen(RequestListener who) {
        listener = who;
    }

    @Override
    public void resumeBody() {
        if (isPaused) {
            isPaused = false;
            // later, where the listener is at work already
            takeHeld();
        }
    }

    @Override
    public void pauseBody() {
        isPaused = true;
        if (!body.isDone() && !isTaking) {
            channel.config().setAutoRead(false);
        }
    }

    private boolean isHttp10() {
        return head().version() == HttpVersion.HTTP_1_0;
    }

    @Override
    public @Nullable FieldWriter interim(ResponseHead of) {
        return isHttp10() || !isWritable() ? null : answers.begin(of, false);
    }

    @Override
    public void endInterim() {
        answers.endInterim();
    }

    @Override
    public FieldWriter answer(int is, String reason) {
        status = is;
        return answers.begin(is, reason, isHttp10());
    }

    @Override
    public FieldWriter answer(ResponseHead of) {
        status = of.status();
        return answers.begin(of, isHttp10());
    }

    @Override
    public void endHead(long length, boolean isLastOne) {
        isLast |= isLastOne || isEnding() || !body.isDone();
        isTunnel = length == BodyLength.TUNNEL;
        if (isTunnel) {
            body.begin(BodyLength.TUNNEL);
        }
        answers.endHead(length, isLast);
    }

    @Override
    public void write(ByteBuf piece) {
        if (phase == Phase.EXCHANGE && !hasAnswerEnded && piece.isReadable()) {
            answers.write(piece);
        } else {
            piece.release();
        }
    }

    @Override
    public void endAnswer(@Nullable Fields trailers) {
        if (phase != Phase.EXCHANGE || hasAnswerEnded) {
            return;
        }
        hasAnswerEnded = true;
        answers.end(trailers);
        if (isTunnel) {
            context.flush();
            SocketAbort.endOutput(channel);
            return;
        }
        sinceNanos = System.nanoTime();
        phase = body.isDone() ? Phase.FLUSHING : Phase.LINGERING;
        isPaused = false;
        flush();
    }

    @Override
    public void closeTunnel() {
        if (phase == Phase.EXCHANGE) {
            answers.flushPending();
            context.flush();
            SocketAbort.closeAfterOutput(channel);
        }
    }

    @Override
    public void flush() {
        if (isReading) {
            wantsFlush = true;
        } else {
            flushNow();
        }
    }

    @Override
    public boolean isReading() {
        return isReading || isTaking;
    }

    private void flushNow() {
        answers.flushPending();
        context.flush();
        if (hasAnswerEnded && !isTunnel && !isAnswerTaken && phase != Phase.CLOSED) {
            isAnswerTaken = true;
            if (hasTakenAll()) {
                taken();
            } else {
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> taken());
            }
        }
    }

    /** The client has taken the answer. */
    private void taken() {
        if (phase == Phase.CLOSED) {
            return;
        }
        RequestListener hears = listener;
        listener = null;
        if (hears != null) {
            hears.sent();
        }
        sinceNanos = System.nanoTime();
        if (phase == Phase.LINGERING || isLast) {
            linger();
        } else if (endsSoon()) {
            closePolitely();
        } else {
            phase = Phase.HEAD;
            giveBackHead();
            takeHeld();
        }
    }

    /** Who closes on octets that nobody has read resets the connection, and the client may lose the answer by that. */
    private void linger() {
        phase = Phase.LINGERING;
        if (body.isDone() && held.isEmpty()) {
            closePolitely();
            return;
        }
        if (!isTls()) {
            SocketAbort.endOutput(channel); // in TLS that ends both directions (RFC 5246 section 7.2.1)
        }
        if (body.isDone()) {
            body.begin(BodyLength.TUNNEL);
        }
        takeHeld();
    }

    /** What was to come of the request has come. */
    private void lingered() {
        if (isAnswerTaken && listener == null) {
            closePolitely();
        }
    }

    private void giveBackHead() {
        RequestHead done = head;
        head = null;
        if (done != null) {
            loop.giveBack(done);
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    void writabilityChanged() {
        RequestListener hears = listener;
        if (isWritable() && hears != null && phase == Phase.EXCHANGE) {
            hears.clientWritable();
        }
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
        return answers.written();
    }

    @Override
    public void abort() {
        listener = null;
        SocketAbort.reset(channel);
    }

    // ---- its life

    @Override
    void stops(boolean hasTime) {
        RequestListener hears = listener;
        if (hears != null && phase == Phase.EXCHANGE) {
            hears.stops(hasTime);
        }
    }

    @Override
    boolean isBusy() {
        return phase != Phase.HEAD || head != null;
    }

    /** Behind what the client has taken, and with TLS's own farewell. */
    private void closePolitely() {
        context.close();
    }

    /** The channel is closed. */
    void closed() {
        if (phase == Phase.CLOSED) {
            return;
        }
        RequestListener hears = listener;
        listener = null;
        phase = Phase.CLOSED;
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        answers.release();
        if (hears != null) {
            hears.gone();
        }
        giveBackHead();
    }

    @Override
    void expire(long nowNanos) {
        ClientLimits limits = loop.limits();
        RequestListener hears = listener;
        switch (phase) {
            case HEAD -> closeAfter(head == null ? limits.idle() : limits.head(), nowNanos);
            case EXCHANGE -> Optional.ofNullable(hears).ifPresent(who -> who.expire(nowNanos));
            case FLUSHING -> cutAfter(limits.write(), nowNanos);
            case LINGERING -> {
                if (hears == null) {
                    closeAfter(limits.linger(), nowNanos);
                } else {
                    cutAfter(limits.write(), nowNanos);
                }
            }
            case CLOSED -> {}
        }
    }

    private void closeAfter(Duration limit, long nowNanos) {
        if (nowNanos - sinceNanos > limit.toNanos()) {
            close();
        }
    }

    private void cutAfter(Duration limit, long nowNanos) {
        if (nowNanos - sinceNanos > limit.toNanos()) {
            loop.counters().count(Event.ANSWERS_TRUNCATED);
            SocketAbort.reset(channel);
        }
    }
}
