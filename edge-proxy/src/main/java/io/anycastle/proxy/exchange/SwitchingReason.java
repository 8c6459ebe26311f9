package io.anycastle.proxy.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Puts the origin's own words for 101 where Vert.x has its own. */
final class SwitchingReason extends ChannelOutboundHandlerAdapter {
    private final HttpResponseStatus status;

    private SwitchingReason(String reason) {
        status = new HttpResponseStatus(101, reason);
    }

    /** For the next message on the channel. */
    static SwitchingReason on(Channel channel, String reason) {
        SwitchingReason words = new SwitchingReason(reason);
        channel.pipeline().addBefore(TunnelEnd.LAST, "switchingReason", words);
        return words;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            response.setStatus(status);
        }
        context.write(message, promise);
        context.pipeline().remove(this);
    }
}
