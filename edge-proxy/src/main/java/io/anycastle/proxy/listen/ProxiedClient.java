package io.anycastle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the header of the PROXY protocol that a trusted peer begins its connection with, before anything else hears of the connection.
 * The connection is the client's from there on; it stays the peer's where the peer says that it is for itself, or tells no address.
 */
final class ProxiedClient extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<Told> CLIENT = AttributeKey.valueOf(ProxiedClient.class, "client");

    /** What may come beside the addresses in version 2, in octets. */
    private static final int EXTRAS_MAX = 4 * 1024;

    /** What the header says of the connection's ends. */
    private record Told(InetSocketAddress source, InetSocketAddress destination) {}

    private final Duration patience;
    private final Predicate<InetAddress> admission;
    private @Nullable ScheduledFuture<?> deadline;

    private ProxiedClient(Duration patience, Predicate<InetAddress> admission) {
        this.patience = patience;
        this.admission = admission;
    }

    /**
     * Puts itself first on an accepted connection.
     *
     * @param patience how long the header may take
     * @param admission whether a connection of that client may stand
     */
    static void expect(Channel accepted, Duration patience, Predicate<InetAddress> admission) {
        accepted.pipeline()
                .addLast("proxy-protocol", new HAProxyMessageDecoder(EXTRAS_MAX))
                .addLast("proxied-client", new ProxiedClient(patience, admission));
    }

    /** Whose connection it is: the client's as a trusted peer has told it, else the peer's. */
    static InetSocketAddress of(Channel channel) {
        Told told = channel.attr(CLIENT).get();
        if (told != null) {
            return told.source();
        }
        SocketAddress remote =
                channel instanceof QuicChannel quic ? quic.remoteSocketAddress() : channel.remoteAddress();
        return (InetSocketAddress) Objects.requireNonNull(remote, "connected");
    }

    /** What the client has connected to. */
    static InetSocketAddress destination(Channel channel) {
        Told told = channel.attr(CLIENT).get();
        if (told != null) {
            return told.destination();
        }
        SocketAddress local = channel instanceof QuicChannel quic ? quic.localSocketAddress() : channel.localAddress();
        return (InetSocketAddress) Objects.requireNonNull(local, "connected");
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> context.close(), patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HAProxyMessage header)) {
            context.fireChannelRead(message);
            return;
        }
        stopWaiting();
        try {
            client(header, context.channel());
        } finally {
            ReferenceCountUtil.release(header);
        }
        if (admission.test(of(context.channel()).getAddress())) {
            context.fireChannelActive();
            context.pipeline().remove(this);
        } else {
            context.close();
        }
    }

    private static void client(HAProxyMessage header, Channel channel) {
        AddressFamily family = header.proxiedProtocol().addressFamily();
        boolean isAddress = family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6;
        if (header.command() == HAProxyCommand.PROXY && isAddress) {
            channel.attr(CLIENT)
                    .set(new Told(
                            new InetSocketAddress(InetAddress.ofLiteral(header.sourceAddress()), header.sourcePort()),
                            new InetSocketAddress(
                                    InetAddress.ofLiteral(header.destinationAddress()), header.destinationPort())));
        }
    }

    private void stopWaiting() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopWaiting(); // and nobody else has heard of it
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
