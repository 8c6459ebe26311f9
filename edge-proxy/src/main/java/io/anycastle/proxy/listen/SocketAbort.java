package io.anycastle.proxy.listen;

import io.anycastle.proxy.tls.NativeTlsHandler;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends sockets without waiting: a polite close queues behind what the other side does not take, perhaps for ever. */
public final class SocketAbort {
    private SocketAbort() {}

    /** Closes the socket now; what is queued for it is dropped. */
    public static void close(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }

    /** Tells the other side that nothing more comes, behind what is queued for it. */
    public static void endOutput(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            ChannelHandlerContext sealed = channel.pipeline().context(NativeTlsHandler.class);
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (sealed != null && sealed.handler() instanceof NativeTlsHandler own) {
                own.closeOutbound(sealed).addListener(told -> shutdownOutput(channel));
            } else if (tls != null) {
                tls.closeOutbound().addListener(told -> shutdownOutput(channel));
            } else {
                shutdownOutput(channel);
            }
        });
    }

    private static void shutdownOutput(Channel channel) {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            duplex.shutdownOutput();
        }
    }

    /** Closes the socket once the other side has taken what is queued for it. */
    public static void closeAfterOutput(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> close(channel));
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
