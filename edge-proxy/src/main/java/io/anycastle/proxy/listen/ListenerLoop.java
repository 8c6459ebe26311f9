package io.anycastle.proxy.listen;

import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.ProxyCounters.Event;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Takes a listener's connections to one event loop, within the limits on how many may stand. Any thread. */
final class ListenerLoop implements Acceptor.Taker {
    private final ListenerConfig listener;
    private final Optional<ListenerTls> tls;
    private final EventLoop eventLoop;
    private final LoopConnections connections;
    private final ConnectionLimiter limiter;
    private final ProxyCounters counters;

    ListenerLoop(ListenerConfig listener, Optional<ListenerTls> tls, ClientLoop loop, ConnectionLimiter limiter) {
        this.listener = listener;
        this.tls = tls;
        this.eventLoop = loop.eventLoop();
        this.connections = loop.connections();
        this.limiter = limiter;
        this.counters = loop.connections().counters();
    }

    @Override
    public void take(Channel accepted) {
        if (!(accepted.remoteAddress() instanceof InetSocketAddress remote)) {
            accepted.unsafe().closeForcibly(); // gone already
            return;
        }
        counters.count(Event.CONNECTIONS);
        ProxyConfig config = connections.config();
        InetAddress peer = remote.getAddress();
        if (config.trusted().proxyProtocol().stream().anyMatch(network -> network.contains(peer))) {
            ProxiedClient.expect(accepted, config.clients().handshake(), client -> isAdmitted(client, accepted));
        } else if (!isAdmitted(peer, accepted)) {
            accepted.unsafe().closeForcibly();
            return;
        }
        accepted.config().setOption(ChannelOption.TCP_NODELAY, true);
        accepted.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        EpollRegistration.keep(accepted);
        tls.ifPresent(own -> accepted.pipeline()
                .addLast(
                        "tls",
                        own.handler(
                                accepted.alloc(), connections.config().clients().handshake())));
        accepted.pipeline().addLast("client", new ClientHandler(listener, connections));
        eventLoop.register(accepted).addListener(registered -> {
            if (!registered.isSuccess()) {
                accepted.unsafe().closeForcibly();
            }
        });
    }

    /** Whether one more connection of the client may stand; it is counted until the channel is closed. */
    private boolean isAdmitted(InetAddress client, Channel accepted) {
        boolean isAdmitted = limiter.enter(client, accepted);
        if (!isAdmitted) {
            counters.count(Event.CONNECTIONS_REFUSED);
        }
        return isAdmitted;
    }
}
