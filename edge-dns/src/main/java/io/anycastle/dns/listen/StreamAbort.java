package io.anycastle.dns.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/** Ends sockets without waiting: a polite close queues behind what the other side does not take, perhaps for ever. */
final class StreamAbort {
    private StreamAbort() {}

    /** Resets the connection now; what is queued for the client, here and in the system, is dropped. On the event loop. */
    static void reset(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            return; // closed already
        }
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close(); // passes by TLS, which would wait for its own end to be taken
        }
    }
}
