package io.anycastle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One event loop's part in a listener's QUIC (RFC 9000): its sockets, one an address, and the handshakes under way. Belongs to the loop. */
final class QuicLoop {
    /** Datagrams that wait for another loop; what is beyond it is lost, as on the way here. */
    private static final int FORWARDED_MAX = 1024;

    private static final int SEGMENTS_MAX = 16;
    /** Those that each side holds ready for moves of the client. */
    private static final int CONNECTION_IDS_MAX = 8;

    private static final int CONTROL_STREAMS = 16;
    private static final int CONTROL_WINDOW_BYTES = 64 * 1024;

    private final int number;
    private volatile ListenerConfig listener;
    private final ClientLoop loop;
    private final ConnectionLimiter limiter;
    private volatile QuicSslContext tls;
    private final AtomicInteger forwarded = new AtomicInteger();
    private int handshakes;
    private volatile boolean isRefusing;

    QuicLoop(int number, ListenerConfig listener, ClientLoop loop, ConnectionLimiter limiter, QuicSslContext tls) {
        this.number = number;
        this.listener = listener;
        this.loop = loop;
        this.limiter = limiter;
        this.tls = tls;
    }

    ListenerConfig listener() {
        return listener;
    }

    /** From the next handshake on; any thread. */
    void change(ListenerConfig next, QuicSslContext other) {
        listener = next;
        tls = other;
    }

    LoopConnections connections() {
        return loop.connections();
    }

    ConnectionLimiter limiter() {
        return limiter;
    }

    /** A handshake begins; whether it may. */
    boolean begins() {
        if (isRefusing) {
            return false;
        }
        handshakes++;
        return true;
    }

    /** A handshake has ended, well or not. */
    void shaken() {
        handshakes--;
    }

    /** From now on no handshake begins; any thread. */
    void refuse() {
        isRefusing = true;
    }

    /** The handlers of a socket. */
    ChannelHandler socket(List<Channel> siblings, boolean isEpoll) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Router(siblings)).addLast(codec(isEpoll));
            }
        };
    }

    private ChannelHandler codec(boolean isEpoll) {
        Http3Limits limits = connections().config().http3();
        ClientLimits clients = connections().limits();
        QuicServerCodecBuilder builder = new QuicServerCodecBuilder()
                .sslContext(QuicSslContextBuilder.buildForServerWithSni(name -> tls))
                .localConnectionIdLength(QuicConnectionIds.LENGTH)
                .connectionIdAddressGenerator(new QuicConnectionIds(number))
                .tokenHandler(new QuicTokens(
                        clients.handshake(),
                        () -> handshakes >= connections().config().http3().handshakesMax(),
                        connections().counters()))
                .maxIdleTimeout(clients.idle().toMillis(), TimeUnit.MILLISECONDS)
                .maxSendUdpPayloadSize(limits.payloadMax())
                .maxRecvUdpPayloadSize(limits.payloadMax())
                .discoverPmtu(true)
                .initialMaxData(limits.connectionWindowBytes())
                .initialMaxStreamDataBidirectionalRemote(limits.streamWindowBytes())
                .initialMaxStreamDataUnidirectional(CONTROL_WINDOW_BYTES)
                .initialMaxStreamsBidirectional(limits.streamsMax())
                .initialMaxStreamsUnidirectional(CONTROL_STREAMS)
                .activeConnectionIdLimit(CONNECTION_IDS_MAX)
                .activeMigration(true)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel channel) {
                        channel.pipeline().addLast("handshake", new QuicHandshake(QuicLoop.this));
                    }
                });
        if (isEpoll) {
            builder.option(
                    QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                    EpollQuicUtils.newSegmentedAllocator(SEGMENTS_MAX));
        }
        return builder.build();
    }

    /** Hands datagrams that name another loop's connection to the socket that this loop has at the same address. */
    private final class Router extends ChannelInboundHandlerAdapter {
        private final List<Channel> siblings;

        Router(List<Channel> siblings) {
            this.siblings = siblings;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            int named = message instanceof DatagramPacket packet ? QuicConnectionIds.loop(packet.content()) : -1;
            if (named < 0 || named == number || named >= siblings.size()) {
                context.fireChannelRead(message);
                return;
            }
            forward(siblings.get(named), (DatagramPacket) message);
        }

        private void forward(Channel to, DatagramPacket packet) {
            if (forwarded.incrementAndGet() > FORWARDED_MAX) {
                forwarded.decrementAndGet();
                packet.release();
                return;
            }
            to.eventLoop().execute(() -> {
                forwarded.decrementAndGet();
                ChannelHandlerContext context = to.pipeline().context(Router.class);
                if (context == null) {
                    packet.release();
                } else {
                    context.fireChannelRead(packet);
                    context.fireChannelReadComplete();
                }
            });
        }
    }
}
