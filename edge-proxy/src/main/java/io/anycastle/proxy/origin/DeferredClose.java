package io.anycastle.proxy.origin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * Lets the end of an origin's connection come behind what was read before it. Vert.x keeps what a slow client does not take yet, and drops
 * it when the channel closes; so the channel stays open at the origin's end, be it polite or a reset, and a message that tells it takes
 * its place in the queue. A write that fails closes nothing either: what the origin said before may still wait to be read.
 */
final class DeferredClose extends ChannelInboundHandlerAdapter {
    static final String NAME = "endInOrder";

    private boolean hasEnded;

    private DeferredClose() {}

    static void follow(ChannelPipeline pipeline, String last) {
        pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        pipeline.channel().config().setOption(ChannelOption.AUTO_CLOSE, false);
        pipeline.addBefore(last, NAME, new DeferredClose());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            end(context, new ClosedChannelException());
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException && !hasEnded) {
            end(context, cause);
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    private void end(ChannelHandlerContext context, Throwable why) {
        if (hasEnded) {
            return; // Vert.x takes it from here, and tells the channel of it as a failure
        }
        hasEnded = true;
        var end = new DefaultHttpContent(Unpooled.EMPTY_BUFFER);
        end.setDecoderResult(DecoderResult.failure(why));
        context.fireChannelRead(end);
        context.fireChannelReadComplete();
    }
}
