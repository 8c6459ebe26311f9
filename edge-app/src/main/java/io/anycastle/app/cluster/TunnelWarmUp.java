package io.anycastle.app.cluster;

import io.anycastle.app.config.HostPort;
import io.anycastle.core.limit.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/**
 * A connection of this node with itself before its tunnel opens, by a server, a dialer and an event loop of its own: handshake, greetings,
 * octets there and back. All that is loaded and built the first time is there then, and the first connections between nodes take no longer
 * than the later ones.
 */
final class TunnelWarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelWarmUp.class);

    /** Code that ran this often is compiled at least once; more rounds gain little. */
    private static final int ROUNDS = 5;

    private final ClusterTunnel.Parts parts;
    private final Vertx stage;
    private final InetAddress loopback = InetAddress.getLoopbackAddress();
    private final TunnelCounters counters = new TunnelCounters();
    private final Dialer dialer;
    private final NetClient visitor;

    private TunnelWarmUp(ClusterTunnel.Parts parts, Vertx stage) {
        this.stage = stage;
        this.parts = new ClusterTunnel.Parts(
                stage, new AmongMembers(parts.view()), parts.config(), parts.joins(), counters, parts.clock());
        this.dialer = this.parts.dialer();
        this.visitor = stage.createNetClient();
    }

    /** Connects a few times, at most that long. Blocks; a failure costs the gain alone. */
    static void of(ClusterTunnel.Parts parts, Duration atMost) {
        Vertx stage = TunnelLoops.make(1);
        try {
            new TunnelWarmUp(parts, stage)
                    .run()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the tunnel could not be tried beforehand", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stage.close();
        }
    }

    /** Whatever is open is held till the end: Vert.x closes what nobody refers to. */
    private Future<?> run() {
        return open(socket -> socket.handler(socket::write)).compose(member -> {
            TunnelServer server = new TunnelServer(
                    new TunnelServer.Settings(
                            new HostPort(loopback, 0),
                            parts.config().handshake(),
                            parts.config().connectionsMax(),
                            new InetSocketAddress(loopback, member.actualPort())),
                    new TunnelServer.Dependencies(
                            stage,
                            parts.view(),
                            parts.joins(),
                            new TunnelConnections(),
                            counters,
                            new RateLimitedLog(NOPLogger.NOP_LOGGER, parts.clock()),
                            parts.clock()));
            return server.open()
                    .compose(open -> rounds(peer(open.actualPort()), ROUNDS))
                    .eventually(() -> Future.join(server.close(), dialer.close(), visitor.close(), member.close()));
        });
    }

    private Future<NetServer> open(Handler<NetSocket> served) {
        return stage.createNetServer()
                .connectHandler(served)
                .listen(SocketAddress.inetSocketAddress(0, loopback.getHostAddress()));
    }

    private NodeEntry peer(int port) {
        return AmongMembers.own(parts.view(), new HostPort(loopback, port));
    }

    private Future<?> rounds(NodeEntry peer, int left) {
        if (left == 0) {
            return Future.succeededFuture();
        }
        return dialer.nodes(peer).compose(documents -> carried(peer)).compose(carried -> rounds(peer, left - 1));
    }

    /** As a forwarder does it: what connects here is carried to the peer. */
    private Future<?> carried(NodeEntry peer) {
        Promise<Void> back = Promise.promise();
        return open(local -> {
                    local.pause();
                    dialer.member(peer)
                            .onSuccess(tunnel -> new Splice(tunnel, local, counters).run(() -> {}))
                            .onFailure(back::tryFail);
                })
                .compose(forwarder -> visitor.connect(forwarder.actualPort(), loopback.getHostAddress())
                        .compose(socket -> {
                            socket.handler(octets -> {
                                socket.close();
                                back.tryComplete();
                            });
                            return socket.write(Buffer.buffer("warm-up"));
                        })
                        .compose(written -> back.future())
                        .eventually(forwarder::close));
    }

    /** This node's standing, with the node itself among the members, where it may not be yet. */
    private record AmongMembers(MembershipView real) implements MembershipView {
        static NodeEntry own(MembershipView view, HostPort address) {
            NodeName self = view.self();
            return new NodeEntry(
                    self.id(),
                    self.number(),
                    address,
                    List.of(Keypairs.fingerprint(view.shown().chain().getFirst().getPublicKey())),
                    Instant.EPOCH,
                    Instant.MAX,
                    Optional.empty(),
                    1);
        }

        @Override
        public NodeName self() {
            return real.self();
        }

        @Override
        public MemberList memberList() {
            Map<String, NodeEntry> nodes = new TreeMap<>(real.memberList().nodes());
            nodes.put(self().id(), own(real, new HostPort(InetAddress.getLoopbackAddress(), 1)));
            return new MemberList(real.memberList().authorities(), nodes);
        }

        @Override
        public ClusterTls.Shown shown() {
            return real.shown();
        }

        @Override
        public Collection<X509Certificate> trusted() {
            return real.trusted();
        }

        @Override
        public Map<String, String> documents() {
            return real.documents();
        }
    }
}
