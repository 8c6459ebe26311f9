package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.UdpConfig;
import io.anycastle.dns.answer.QuerySource;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP driver on a Netty datagram channel of the verticle's own event loop: whatever was read in one go is answered with one flush.
 * With epoll a read takes a batch by one system call and sockets of one address may share it.
 */
final class NettyUdp implements Listener {
    private static final Logger LOG = LoggerFactory.getLogger(NettyUdp.class);

    private final InetSocketAddress address;
    private final UdpConfig config;
    private final Responder responder;
    private final DnsCounters.Lane counters;
    private final boolean epoll;
    private volatile @Nullable DatagramChannel channel;

    NettyUdp(InetSocketAddress address, UdpConfig config, Responder responder, DnsCounters.Lane counters) {
        this.address = address;
        this.config = config;
        this.responder = responder;
        this.counters = counters;
        epoll = config.driver() == UdpConfig.Driver.EPOLL;
    }

    @Override
    public Future<?> open(Context context) {
        ContextInternal internal = (ContextInternal) context;
        DatagramChannel opened = newChannel(internal);
        channel = opened;
        configure(opened);
        opened.pipeline().addLast(new Answering());
        EventLoop loop = internal.nettyEventLoop();
        Promise<Void> bound = internal.promise();
        loop.register(opened).addListener((ChannelFuture registered) -> {
            if (registered.isSuccess()) {
                opened.bind(address).addListener((ChannelFuture result) -> finish(result, bound));
            } else {
                finish(registered, bound);
            }
        });
        return bound.future();
    }

    /** A socket of the address's own family, so that an IPv6 one takes no IPv4. */
    @SuppressWarnings("deprecation") // Vert.x's transport still speaks of Netty's older enumeration
    private DatagramChannel newChannel(ContextInternal context) {
        return context.owner()
                .transport()
                .datagramChannel(
                        address.getAddress() instanceof Inet6Address
                                ? io.netty.channel.socket.InternetProtocolFamily.IPv6
                                : io.netty.channel.socket.InternetProtocolFamily.IPv4);
    }

    private void configure(DatagramChannel opened) {
        opened.config().setOption(ChannelOption.SO_RCVBUF, config.socketBufferBytes());
        opened.config().setOption(ChannelOption.SO_SNDBUF, config.socketBufferBytes());
        int octets = config.payloadMax();
        if (epoll) {
            octets *= config.batch();
            opened.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, config.payloadMax());
            opened.config().setOption(EpollChannelOption.SO_REUSEPORT, config.threads() > 1);
        }
        opened.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(octets));
    }

    private void finish(ChannelFuture result, Promise<Void> bound) {
        if (result.isSuccess()) {
            bound.complete();
            return;
        }
        result.channel().close();
        Throwable cause = result.cause();
        bound.fail(
                cause instanceof IOException refused
                        ? new IOException(ListenAddresses.refusal(address, refused), refused)
                        : cause);
    }

    @Override
    public boolean isAnswering() {
        DatagramChannel opened = channel;
        return opened != null && opened.isOpen();
    }

    @Override
    public Future<?> close(Context context) {
        DatagramChannel opened = channel;
        if (opened == null) {
            return Future.succeededFuture();
        }
        Promise<Void> closed = ((ContextInternal) context).promise();
        opened.close().addListener(_ -> closed.complete());
        return closed.future();
    }

    /** Answers on the event loop; the fields belong to it. */
    private final class Answering extends ChannelInboundHandlerAdapter {
        private final byte[] query = new byte[config.payloadMax()];
        private final byte[] answer = new byte[config.payloadMax()];
        private final QuerySource source = new QuerySource(Transport.UDP);
        private boolean isReading;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            if (!isReading) {
                isReading = true;
                responder.beginBatch();
            }
            try {
                ByteBuf content = packet.content();
                int received = Math.min(content.readableBytes(), query.length);
                content.readBytes(query, 0, received);
                source.set(packet.sender());
                int length = responder.respond(query, received, source, answer);
                if (length > 0) {
                    send(context, packet.sender(), length);
                }
            } finally {
                packet.release();
            }
        }

        private void send(ChannelHandlerContext context, InetSocketAddress source, int length) {
            if (!context.channel().isWritable()) {
                counters.dropped(1);
                return;
            }
            ByteBuf octets = context.alloc().directBuffer(length).writeBytes(answer, 0, length);
            context.write(new DatagramPacket(octets, source), context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            isReading = false;
            context.flush();
        }

        /** One asker that cannot be reached is no reason to stop. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            counters.dropped(1);
            LOG.debug("UDP on {}", address, cause);
        }
    }
}
