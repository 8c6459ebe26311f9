package io.anycastle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the connections of a listening socket to the event loops in turn. Belongs to the socket's own event loop. */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    /** Who cannot accept, mostly for want of file handles, tries again so much later. */
    private static final long PAUSE_MS = 1000;

    /** One event loop's way to take a connection. */
    interface Taker {
        void take(Channel accepted);
    }

    private volatile List<Taker> loops;
    private int turn;

    Acceptor(List<Taker> loops) {
        this.loops = List.copyOf(loops);
    }

    /** Lets these take the connections from now on; any thread. */
    void change(List<Taker> next) {
        loops = List.copyOf(next);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        List<Taker> all = loops;
        turn = turn + 1 < all.size() ? turn + 1 : 0;
        all.get(turn).take((Channel) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.warn("No connections are accepted for {} ms: {}", PAUSE_MS, cause.toString());
        context.channel().config().setAutoRead(false);
        context.executor()
                .schedule(() -> context.channel().config().setAutoRead(true), PAUSE_MS, TimeUnit.MILLISECONDS);
    }
}
