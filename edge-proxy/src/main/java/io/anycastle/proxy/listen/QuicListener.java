package io.anycastle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicSslContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The UDP sockets by which a listener's clients speak HTTP/3, one for each event loop where the system shares a port among them. A wildcard
 * becomes every address of its family that the machine has when the listener opens, since an answer must come from the address that was asked.
 */
final class QuicListener {
    /** Datagrams that one system call may take. */
    private static final int BATCH = 16;

    private final VertxInternal vertx;
    private final ListenerConfig listener;
    private final ConnectionLimiter limiter;
    private final List<Channel> sockets = new CopyOnWriteArrayList<>();
    private final List<QuicLoop> loops = new CopyOnWriteArrayList<>();

    QuicListener(VertxInternal vertx, ListenerConfig listener, ConnectionLimiter limiter) {
        this.vertx = vertx;
        this.listener = listener;
        this.limiter = limiter;
    }

    /** Whether QUIC is there for this system. Loads it, and so may block the first time. */
    static boolean isAvailable() {
        return Quic.isAvailable();
    }

    /** Opens the sockets; fails when one cannot be had, and leaves none open then. */
    Future<Void> open(int port, List<ClientLoop> clients, QuicSslContext tls) {
        List<InetSocketAddress> addresses;
        try {
            addresses = exact(port);
            for (InetSocketAddress address : addresses) {
                probe(address);
            }
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        for (int i = 0; i < clients.size(); i++) {
            loops.add(new QuicLoop(i, listener, clients.get(i), limiter, tls));
        }
        List<Future<Void>> opened = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            opened.addAll(open(address, clients));
        }
        return Future.join(opened)
                .<Void>mapEmpty()
                .recover(failure -> close().transform(closed -> Future.failedFuture(failure)));
    }

    private List<InetSocketAddress> exact(int port) throws SocketException {
        InetAddress address = InetAddress.ofLiteral(listener.address());
        if (!address.isAnyLocalAddress()) {
            return List.of(new InetSocketAddress(address, port));
        }
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet6Address == address instanceof Inet6Address)
                .filter(each -> !each.isLinkLocalAddress())
                .map(QuicListener::withoutInterface)
                .distinct()
                .map(each -> new InetSocketAddress(each, port))
                .toList();
    }

    private static InetAddress withoutInterface(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (IOException e) {
            throw new IllegalStateException("an address has four octets or sixteen", e);
        }
    }

    /** Sockets that share their port with each other must not share it with another program's. */
    private static void probe(InetSocketAddress address) throws IOException {
        try (DatagramSocket alone = new DatagramSocket(null)) {
            alone.setReuseAddress(false);
            alone.bind(address);
        }
    }

    private List<Future<Void>> open(InetSocketAddress address, List<ClientLoop> clients) {
        List<Channel> siblings = new CopyOnWriteArrayList<>();
        List<Future<Void>> opened = new ArrayList<>();
        DatagramChannel first = newChannel(address);
        boolean isShared = first instanceof EpollDatagramChannel;
        for (int i = 0; i < (isShared ? clients.size() : 1); i++) {
            DatagramChannel channel = i == 0 ? first : newChannel(address);
            configure(channel, clients.get(i).connections().config().http3());
            channel.pipeline().addLast(loops.get(i).socket(siblings, isShared));
            siblings.add(channel);
            sockets.add(channel);
            opened.add(bind(channel, address, clients.get(i)));
        }
        return opened;
    }

    /** A socket of the address's own family, so that an IPv6 one takes no IPv4. */
    @SuppressWarnings("deprecation") // Vert.x's transport still speaks of Netty's older enumeration
    private DatagramChannel newChannel(InetSocketAddress address) {
        return vertx.transport()
                .datagramChannel(
                        address.getAddress() instanceof Inet6Address
                                ? io.netty.channel.socket.InternetProtocolFamily.IPv6
                                : io.netty.channel.socket.InternetProtocolFamily.IPv4);
    }

    private static void configure(DatagramChannel channel, Http3Limits limits) {
        channel.config().setOption(ChannelOption.SO_RCVBUF, limits.socketBufferBytes());
        channel.config().setOption(ChannelOption.SO_SNDBUF, limits.socketBufferBytes());
        int octets = limits.payloadMax();
        if (channel instanceof EpollDatagramChannel) {
            octets *= BATCH;
            channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, limits.payloadMax());
            channel.config().setOption(EpollChannelOption.SO_REUSEPORT, true);
        }
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(octets));
    }

    private static Future<Void> bind(Channel channel, InetSocketAddress address, ClientLoop loop) {
        Promise<Void> bound = Promise.promise();
        loop.eventLoop().register(channel).addListener((ChannelFuture registered) -> {
            if (registered.isSuccess()) {
                loop.connections().owns(channel);
                HttpListener.complete(channel.bind(address), bound);
            } else {
                bound.fail(registered.cause());
            }
        });
        return bound.future();
    }

    /** Lets connections that come go by another configuration, and see another certificate. */
    void change(ListenerConfig next, QuicSslContext tls) {
        loops.forEach(loop -> loop.change(next, tls));
    }

    /** Takes no more connections; those that stand go on. */
    void refuse() {
        loops.forEach(QuicLoop::refuse);
    }

    /** Closes the sockets, and what stands on them. */
    Future<Void> close() {
        List<Future<Void>> closed = new ArrayList<>();
        for (Channel socket : sockets) {
            Promise<Void> done = Promise.promise();
            HttpListener.complete(socket.close(), done);
            closed.add(done.future());
        }
        return Future.join(closed).mapEmpty();
    }
}
