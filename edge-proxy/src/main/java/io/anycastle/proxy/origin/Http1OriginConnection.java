package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.SocketAbort;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.OriginStream;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.message.ResponseHead;
import io.anycastle.proxy.message.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to an origin that speaks HTTP/1.1 (RFC 9112): one exchange after the other, and the stream of each. An answer is told
 * whatever becomes of its request: a write that fails ends nothing, since what the origin said before may still wait to be read. A stream
 * belongs to its listener until that has heard of the answer's end or of a failure, or has given it up, and to nobody afterwards. Belongs
 * to its event loop.
 */
final class Http1OriginConnection extends ChannelInboundHandlerAdapter
        implements OriginStream, AnswerParser.Sink, HeldInput.Taker {
    private static final Logger LOG = LoggerFactory.getLogger(Http1OriginConnection.class);

    private final Channel channel;
    private final ConnectionHolder holder;
    private final HeldInput input;
    private final AnswerParser answers;
    private final RequestWriter requests;
    private final OutputEnd outputEnd;
    private @Nullable ResponseListener listener;
    private boolean isTunnel;
    private boolean isKept;
    private boolean isLast;
    /** Between the first octets of a batch and its end. */
    private boolean isReading;
    /** The answer has come whole, and the connection waits whether something comes behind it. */
    private boolean isFinished;
    /** A write has failed by a reset: a read that follows would tell an end without it. */
    private boolean isReset;
    /** The connection is nobody's any more. */
    private boolean isOver;

    private long idleUntil;

    /**
     * Takes a connected channel, with TLS if there is any; then it is to be added to its pipeline.
     *
     * @param writeTimeout how long the origin may refuse to take the last octets of a tunnel
     */
    Http1OriginConnection(Channel channel, ConnectionHolder holder, AnswerShelf shelf, Duration writeTimeout) {
        this.channel = channel;
        this.holder = holder;
        this.input = new HeldInput(channel, this);
        this.answers = new AnswerParser(this, shelf);
        this.requests = new RequestWriter(channel);
        this.outputEnd = new OutputEnd(channel, writeTimeout);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config().setOption(ChannelOption.AUTO_CLOSE, false);
    }

    /** Begins the next exchange. */
    void begin(ResponseListener next) {
        listener = next;
        try {
            next.connected(this);
        } catch (RuntimeException e) {
            abandon();
            throw e;
        }
    }

    /** When the connection, unused, is to be closed, by {@link System#nanoTime}. */
    long idleUntil() {
        return idleUntil;
    }

    /** Tells how long the connection may be unused from now on, if the origin has not said less. */
    void idleFrom(long nowNanos, Duration keepAlive) {
        idleUntil = nowNanos + Math.min(keepAlive.toNanos(), keptNanos());
    }

    /** The same as the origin has it. */
    long keptNanos() {
        return answers.keptNanos();
    }

    @Override
    public FieldWriter request(RequestHead line) {
        requests.begin(line);
        return requests;
    }

    @Override
    public void endHead(long length) {
        if (isOver) {
            requests.stop();
            return;
        }
        answers.expect(requests.isHead(), length == BodyLength.TUNNEL);
        requests.endHead(length);
    }

    @Override
    public void write(ByteBuf piece) {
        if (isOver || outputEnd.isAsked()) {
            piece.release();
        } else if (!requests.write(piece)) {
            fail(new IllegalStateException("the request is longer than its head says"));
        }
    }

    @Override
    public void endRequest(@Nullable Fields trailers) {
        if (isOver || outputEnd.isAsked()) {
            return;
        }
        if (isTunnel) {
            requests.flush();
            outputEnd.ask();
            if (input.isEndTaken()) {
                closeBehindOutput();
            }
        } else if (!requests.end(trailers)) {
            fail(new IllegalStateException("the request is shorter than its head says"));
        }
    }

    @Override
    public void flush() {
        if (!isOver) {
            requests.flush();
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (listener != null && channel.isWritable()) {
            listener.writable();
        }
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    public boolean isKept() {
        return isKept;
    }

    @Override
    public void afterLook(Runnable action) {
        channel.eventLoop().schedule(action, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void useLast() {
        isLast = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf octets) {
            isReading = true;
            input.add(octets);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        isReading = false;
        if (listener != null) {
            listener.readComplete();
        }
        free();
    }

    @Override
    public void pause() {
        input.pause();
    }

    @Override
    public void resume() {
        ResponseListener resumed = listener;
        if (input.resume() && resumed != null && resumed.equals(listener)) {
            resumed.readComplete();
        }
        free();
    }

    /** Lets the next exchange begin, once nothing has come behind the answer in the same batch. */
    private void free() {
        if (isFinished && !isReading && !isOver) {
            isFinished = false;
            isKept = true;
            holder.freed(this);
        }
    }

    @Override
    public boolean isDue() {
        return answers.isWhole();
    }

    @Override
    public void take(ByteBuf octets) {
        try {
            if (!answers.isExpecting()) {
                throw new InvalidAnswerException("the origin sends something that nobody asked for");
            }
            answers.read(octets);
        } catch (InvalidAnswerException e) {
            fail(e);
        }
    }

    @Override
    public boolean isStopped() {
        return input.isHeld();
    }

    private ResponseListener listener() {
        return Objects.requireNonNull(listener, "an answer is told to who asked");
    }

    @Override
    public void interim(ResponseHead head) {
        listener().interim(head);
    }

    @Override
    public void answered(ResponseHead head, long length) {
        if (length == BodyLength.TUNNEL) {
            isTunnel = true;
        } else {
            requests.refuseTunnel();
        }
        listener().answered(head, length);
    }

    @Override
    public boolean staysOpen() {
        return answers.staysOpen();
    }

    @Override
    public void body(ByteBuf piece, boolean isWholeBuffer) {
        if (isWholeBuffer) {
            input.passOn();
        }
        listener().body(piece);
    }

    /** An answer that has come whole before its request has gone is the connection's last. */
    @Override
    public void ended(@Nullable Fields trailers) {
        ResponseListener told = listener();
        listener = null;
        isFinished = true;
        told.ended(trailers);
        if (isOver) {
            return;
        }
        if (answers.isReusable() && !isLast && !input.hasEnded() && requests.isEnded()) {
            input.resume();
        } else {
            close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            input.end(null);
        } else if (event instanceof ChannelOutputShutdownEvent) {
            outputEnd.shut();
            if (isTunnel && input.isEndTaken() && !outputEnd.isAsked()) {
                fail(new ClosedChannelException());
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        boolean isOfWrite = cause instanceof ChannelOutputShutdownException || cause instanceof ClosedChannelException;
        boolean isOfSocket = cause instanceof IOException || cause instanceof DecoderException;
        if (!isOfSocket) {
            LOG.error("An exchange with an origin failed inside the edge", cause);
            fail(cause);
        } else if (isTunnel && input.isEndTaken()) {
            fail(cause);
        } else if (isOfWrite) {
            isReset |= String.valueOf(cause.getCause()).contains("reset");
        } else {
            input.end(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (isTunnel && input.isEndTaken()) {
            fail(new ClosedChannelException());
        } else {
            input.end(new ClosedChannelException());
        }
    }

    /** What the origin said before its end has been told. */
    @Override
    public void takeEnd(@Nullable Throwable failure) {
        if (failure != null) {
            fail(failure);
        } else if (isTunnel && listener != null) {
            listener.ended(null);
            if (outputEnd.isAsked() && !isOver) {
                closeBehindOutput();
            }
        } else if (!isReset && answers.endWithInput()) {
            answers.read(Unpooled.EMPTY_BUFFER);
        } else {
            fail(new ClosedChannelException());
        }
    }

    private void fail(Throwable failure) {
        if (!isOver) {
            ResponseListener told = listener;
            end();
            SocketAbort.close(channel);
            if (told != null) {
                told.failed(failure);
            }
        }
    }

    /** Ends a connection that nobody uses. */
    void close() {
        end();
        channel.close();
    }

    @Override
    public void closeTunnel() {
        if (listener != null) {
            requests.flush();
            closeBehindOutput();
        }
    }

    private void closeBehindOutput() {
        end();
        outputEnd.close();
    }

    @Override
    public void abandon() {
        if (!isOver && (listener != null || isFinished)) {
            end();
            SocketAbort.close(channel);
        }
    }

    private void end() {
        isOver = true;
        listener = null;
        answers.stop();
        requests.stop();
        input.stop();
        holder.ended(this);
    }
}
