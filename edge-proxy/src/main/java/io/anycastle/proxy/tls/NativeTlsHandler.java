package io.anycastle.proxy.tls;

import io.anycastle.core.tls.ClientHello;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on a client's connection. The rest of the pipeline hears a {@link TlsSession} when the handshake is complete, a failed
 * {@link SslHandshakeCompletionEvent} when it is not to be, and {@link SslCloseCompletionEvent#SUCCESS} when the client has said that
 * nothing more comes: each direction ends by itself (RFC 8446 section 6.1). Belongs to its event loop.
 */
public final class NativeTlsHandler extends ChannelDuplexHandler {
    private static final int HANDSHAKE_RECORD = 22;
    private static final int RECORD_HEAD = 5;
    private static final int RECORD_MAX = 16 * 1024;
    private static final int HELLO_MAX = RECORD_HEAD + RECORD_MAX;

    /** How long a client may refuse to take the last alert. */
    private static final Duration CLOSING = Duration.ofSeconds(3);

    /** The fatal alert no_application_protocol (RFC 7301 section 3.2), before there are keys. */
    private static final byte[] NO_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};

    private enum State {
        /** The client's first message is not whole yet. */
        HELLO,
        HANDSHAKE,
        OPEN,
        /** Failed or closed: nothing is read or written any more. */
        OVER
    }

    private final NativeTlsContext tls;
    private final Duration handshakeTimeout;
    private final PlainOutput output = new PlainOutput();
    private @Nullable NativeTls engine;
    private State state = State.HELLO;
    private @Nullable ByteBuf hello;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean isInputEnded;
    private boolean isOutputEnded;
    private boolean hasFired;

    NativeTlsHandler(NativeTlsContext tls, Duration handshakeTimeout) {
        this.tls = tls;
        this.handshakeTimeout = handshakeTimeout;
    }

    // ---- beginning and end

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        engine = new NativeTls(tls, context.alloc());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(
                        () -> fail(context, new SSLException("the handshake took too long")),
                        handshakeTimeout.toNanos(),
                        TimeUnit.NANOSECONDS);
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        end();
        NativeTls freed = engine;
        engine = null;
        if (freed != null) {
            freed.free();
        }
    }

    private void end() {
        state = State.OVER;
        output.fail(new ClosedChannelException());
        ReferenceCountUtil.release(hello);
        hello = null;
        stopDeadline();
    }

    private void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** Ends the connection behind what BoringSSL has to say of it. */
    private void fail(ChannelHandlerContext context, SSLException failure) {
        if (state == State.OVER) {
            return;
        }
        boolean isOfHandshake = state != State.OPEN;
        end();
        if (isOfHandshake) {
            context.fireUserEventTriggered(new SslHandshakeCompletionEvent(failure));
            closeBehind(context, context.writeAndFlush(context.alloc().buffer(0)), context.newPromise());
        } else {
            context.flush();
            context.fireExceptionCaught(failure);
        }
    }

    private static void closeBehind(ChannelHandlerContext context, ChannelFuture sent, ChannelPromise promise) {
        ScheduledFuture<?> late =
                context.executor().schedule(() -> context.close(promise), CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        sent.addListener((ChannelFutureListener) done -> {
            late.cancel(false);
            context.close(promise);
        });
    }

    // ---- what comes

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        NativeTls reads = engine;
        if (!(message instanceof ByteBuf octets) || state == State.OVER || isInputEnded || reads == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        ByteBuf whole = state == State.HELLO ? hello(context, octets) : octets;
        if (whole == null) {
            return;
        }
        ByteBuf direct = direct(context, whole);
        try {
            read(context, reads, direct);
        } finally {
            direct.release();
        }
    }

    /** What has come once the client's first record is whole; null before. */
    private @Nullable ByteBuf hello(ChannelHandlerContext context, ByteBuf octets) {
        ByteBuf now = octets;
        if (hello != null) {
            now = context.alloc().directBuffer(hello.readableBytes() + octets.readableBytes());
            now.writeBytes(hello).writeBytes(octets);
            hello.release();
            octets.release();
            hello = null;
        }
        if (isPart(now)) {
            hello = now;
            return null;
        }
        state = State.HANDSHAKE;
        List<String> offered = ClientHello.protocols(now.nioBuffer());
        if (!offered.isEmpty() && !tls.speaksOneOf(offered)) {
            now.release();
            context.write(context.alloc().directBuffer(NO_PROTOCOL.length).writeBytes(NO_PROTOCOL));
            fail(context, new SSLException("the client offers no protocol that is spoken here"));
            return null;
        }
        return now;
    }

    private static boolean isPart(ByteBuf octets) {
        int count = octets.readableBytes();
        if (count < RECORD_HEAD) {
            return true;
        }
        int from = octets.readerIndex();
        return octets.getByte(from) == HANDSHAKE_RECORD
                && count < Math.min(HELLO_MAX, RECORD_HEAD + octets.getUnsignedShort(from + 3));
    }

    private static ByteBuf direct(ChannelHandlerContext context, ByteBuf octets) {
        if (octets.hasMemoryAddress()) {
            return octets;
        }
        ByteBuf copy = context.alloc().directBuffer(octets.readableBytes()).writeBytes(octets);
        octets.release();
        return copy;
    }

    private void read(ChannelHandlerContext context, NativeTls reads, ByteBuf octets) {
        try {
            if (state == State.HANDSHAKE) {
                boolean isComplete = reads.shake(octets, context::write);
                context.flush();
                if (!isComplete) {
                    return;
                }
                complete(context, reads);
            }
            ByteBuf plain = reads.decrypt(octets, context::write);
            isInputEnded = reads.isInputEnded();
            if (plain.isReadable()) {
                hasFired = true;
                context.fireChannelRead(plain);
            } else {
                plain.release();
            }
            if (isInputEnded) {
                context.fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
            }
        } catch (SSLException e) {
            fail(context, e);
        }
    }

    private void complete(ChannelHandlerContext context, NativeTls reads) {
        state = State.OPEN;
        stopDeadline();
        context.fireUserEventTriggered(reads.session());
        flush(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean isShaking = state == State.HELLO || state == State.HANDSHAKE;
        if (event instanceof ChannelInputShutdownEvent && isShaking) {
            fail(context, new SSLException("the client left in the middle of the handshake"));
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        boolean isHungry = !hasFired && !isInputEnded && state != State.OVER;
        hasFired = false;
        if (isHungry && !context.channel().config().isAutoRead()) {
            context.read();
        }
        context.fireChannelReadComplete();
    }

    // ---- what goes

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf octets)) {
            context.write(message, promise);
        } else if (state == State.OVER || isOutputEnded) {
            octets.release();
            promise.tryFailure(new ClosedChannelException());
        } else {
            output.add(octets, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        encrypt(context);
        context.flush();
    }

    private void encrypt(ChannelHandlerContext context) {
        NativeTls writes = engine;
        if (state != State.OPEN || writes == null) {
            return; // once the handshake is complete
        }
        try {
            while (state == State.OPEN && !output.isEmpty()) {
                ByteBuf sealed = writes.encrypt(output);
                if (output.isAwaited()) {
                    output.tell(context.write(sealed));
                } else {
                    context.write(sealed, context.voidPromise());
                }
            }
        } catch (SSLException e) {
            fail(context, e);
        }
    }

    /** Tells the client that nothing more comes, behind what is queued; what the client says goes on being heard. */
    public ChannelFuture closeOutbound(ChannelHandlerContext context) {
        encrypt(context);
        NativeTls closes = engine;
        if (state != State.OPEN || isOutputEnded || closes == null) {
            return context.newSucceededFuture();
        }
        isOutputEnded = true;
        return context.writeAndFlush(closes.closeNotify());
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (state == State.OPEN && !isOutputEnded) {
            closeBehind(context, closeOutbound(context), promise);
        } else {
            context.close(promise);
        }
    }
}
