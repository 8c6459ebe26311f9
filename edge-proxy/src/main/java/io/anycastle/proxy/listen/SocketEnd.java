package io.anycastle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/** Ends sockets without waiting: a polite close queues behind what the other side does not take, perhaps for ever. */
public final class SocketEnd {
    private SocketEnd() {}

    /** Closes the socket now; what is queued for it is dropped. */
    public static void close(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }

    /** Closes the socket now, so that the other side sees a reset instead of an end. */
    static void reset(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            return; // closed already
        }
        close(channel);
    }
}
