package io.anycastle.proxy.origin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.channels.ClosedChannelException;

/**
 * Lets the end of an origin's connection come behind what was read before it. Vert.x keeps what a slow client does not take yet, and drops
 * it when the channel closes; so the channel stays open at the origin's end, and a message that tells it takes its place in the queue.
 */
final class EndInOrder extends ChannelInboundHandlerAdapter {
    /** Vert.x's name for its own handler, the last. */
    private static final String LAST = "handler";

    private EndInOrder() {}

    static void follow(ChannelPipeline pipeline) {
        pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        pipeline.addBefore(LAST, "endInOrder", new EndInOrder());
    }

    /** For a connection that is to carry anything but HTTP: its end is its own then. */
    static void leave(ChannelPipeline pipeline) {
        if (pipeline.get(EndInOrder.class) != null) {
            pipeline.remove(EndInOrder.class);
            pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            var end = new DefaultHttpContent(Unpooled.EMPTY_BUFFER);
            end.setDecoderResult(DecoderResult.failure(new ClosedChannelException()));
            context.fireChannelRead(end);
            context.fireChannelReadComplete();
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
