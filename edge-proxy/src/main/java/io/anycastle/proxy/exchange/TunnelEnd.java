package io.anycastle.proxy.exchange;

import io.anycastle.proxy.listen.SocketAbort;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One end of a tunnel: hands what its side says to the other end, no faster than that side takes it, and its side's end behind the last
 * octet. Works on the channel itself: Vert.x drops what a slower side has not taken when the faster one closes. On the event loop of
 * both channels.
 */
final class TunnelEnd extends ChannelInboundHandlerAdapter {
    /** Vert.x's name for its own handler, the last. */
    static final String LAST = "handler";

    private final Channel channel;
    private final Deque<Object> early = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable TunnelEnd other;
    private boolean isJoined;
    private boolean hasEnded;
    private boolean isDone;
    private long movedNanos = System.nanoTime();

    private TunnelEnd(Channel channel) {
        this.channel = channel;
    }

    /** Takes a channel over; what it says waits until the ends are joined. */
    static TunnelEnd on(Channel channel) {
        TunnelEnd end = new TunnelEnd(channel);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config().setAutoRead(false);
        channel.pipeline().addBefore(LAST, "tunnelEnd", end);
        return end;
    }

    /** Lets both ends talk to each other. */
    static void join(TunnelEnd one, TunnelEnd two) {
        one.other = two;
        two.other = one;
        one.isJoined = true;
        two.isJoined = true;
        one.begin();
        two.begin();
    }

    private void begin() {
        while (!early.isEmpty()) {
            peer().write(early.poll());
        }
        peer().flush();
        if (hasEnded) {
            peer().end();
        }
        if (!channel.isActive()) {
            peer().finish();
        } else {
            readOn();
        }
    }

    private TunnelEnd peer() {
        return Objects.requireNonNull(other, "joined");
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "added");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext at, Object message) {
        movedNanos = System.nanoTime();
        if (!(message instanceof ByteBuf)) {
            ReferenceCountUtil.release(message); // what a decoder still had of HTTP
        } else if (isJoined) {
            peer().write(message);
        } else {
            early.add(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext at) {
        if (isJoined) {
            peer().flush();
            readOn();
        }
    }

    /** Reads as long as the other side takes it. */
    private void readOn() {
        channel.config().setAutoRead(peer().channel.isWritable());
    }

    private void write(Object message) {
        if (channel.isActive() && !isDone) {
            context().write(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void flush() {
        context().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext at) {
        if (isJoined && channel.isWritable()) {
            movedNanos = System.nanoTime();
            peer().readOn();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext at, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            sideEnds();
        }
    }

    private void sideEnds() {
        if (hasEnded) {
            return;
        }
        hasEnded = true;
        movedNanos = System.nanoTime();
        if (isJoined) {
            peer().end();
        }
    }

    /** Nothing more comes for this side: it is told behind the last octet. Once both sides have ended, so do the connections. */
    private void end() {
        if (hasEnded) {
            finish();
            peer().finish();
        } else {
            SocketAbort.endOutput(channel);
        }
    }

    /** Closes this side once it has taken what is queued for it. */
    private void finish() {
        if (!isDone) {
            isDone = true;
            SocketAbort.closeAfterOutput(channel);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext at) {
        if (isJoined) {
            peer().flush();
            peer().finish();
        }
        at.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
        SocketAbort.close(channel);
    }

    /** When something last came from this side, or this side took something. */
    long movedNanos() {
        return movedNanos;
    }

    /** Whether this side says nothing any more. */
    boolean hasEnded() {
        return hasEnded;
    }

    void close() {
        SocketAbort.close(channel);
    }
}
