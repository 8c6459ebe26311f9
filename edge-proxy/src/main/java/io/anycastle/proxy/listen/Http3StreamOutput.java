package io.anycastle.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Joins what is written to a QUIC stream between two flushes, its end too, so that a short answer leaves in one datagram: QUIC sends each write
 * for itself. The end goes as part of what is written, since a stream's {@code shutdownOutput} does not wait for what is queued before it.
 * The first handler of the stream's channel; belongs to its event loop.
 */
final class Http3StreamOutput extends ChannelOutboundHandlerAdapter {
    private final Deque<ChannelPromise> promises = new ArrayDeque<>(4);
    private @Nullable CompositeByteBuf joined;
    private @Nullable ByteBuf first;
    private boolean isEnding;

    /** Ends the stream behind what was written, at the next flush. */
    static ChannelFuture end(Channel channel) {
        ChannelHandlerContext context =
                Objects.requireNonNull(channel.pipeline().context(Http3StreamOutput.class), "the stream's output");
        ChannelPromise promise = channel.newPromise();
        ((Http3StreamOutput) context.handler()).write(context, QuicStreamFrame.EMPTY_FIN, promise);
        return promise;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf octets) {
            add(context, octets);
        } else if (message instanceof QuicStreamFrame frame && frame.hasFin()) {
            frame.release();
            isEnding = true;
        } else {
            ReferenceCountUtil.release(message);
            promise.setFailure(new UnsupportedOperationException("no octets of a stream: " + message.getClass()));
            return;
        }
        promises.addLast(promise);
    }

    private void add(ChannelHandlerContext context, ByteBuf octets) {
        ByteBuf one = first;
        CompositeByteBuf several = joined;
        if (several != null) {
            several.addComponent(true, octets);
        } else if (one != null) {
            joined = context.alloc()
                    .compositeDirectBuffer()
                    .addComponent(true, one)
                    .addComponent(true, octets);
            first = null;
        } else {
            first = octets;
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (!promises.isEmpty()) {
            ByteBuf octets = take();
            ChannelPromise written = context.newPromise();
            Deque<ChannelPromise> waiting = new ArrayDeque<>(promises);
            promises.clear();
            written.addListener(done -> {
                waiting.forEach(promise -> complete(promise, done));
                if (!done.isSuccess() && context.channel().isOpen()) {
                    context.fireExceptionCaught(done.cause()); // the client wants no more of it (RFC 9000 section 3.5)
                }
            });
            context.write(isEnding ? new DefaultQuicStreamFrame(octets, true) : octets, written);
        }
        context.flush();
    }

    private static void complete(ChannelPromise promise, Future<?> done) {
        if (done.isSuccess()) {
            promise.trySuccess();
        } else {
            promise.tryFailure(done.cause());
        }
    }

    private ByteBuf take() {
        ByteBuf octets = joined != null ? joined : first != null ? first : Unpooled.EMPTY_BUFFER;
        joined = null;
        first = null;
        return octets;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        drop();
        context.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        drop();
    }

    private void drop() {
        take().release();
        while (!promises.isEmpty()) {
            promises.removeFirst().tryFailure(new java.nio.channels.ClosedChannelException());
        }
    }
}
