package io.anycastle.app.cluster;

import io.anycastle.app.config.HostPort;
import io.anycastle.core.limit.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TrustOptions;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one port of a node that its cluster reaches: members come to its Hazelcast, invited nodes to its join desk, others nowhere. */
final class TunnelServer {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelServer.class);

    /**
     * @param listen where it takes connections
     * @param handshake the longest time for each step before a connection carries data
     * @param member where this node's Hazelcast listens
     */
    record Settings(HostPort listen, Duration handshake, int connectionsMax, InetSocketAddress member) {}

    /** What it works with. */
    record Dependencies(
            Vertx vertx,
            MembershipView view,
            JoinService joins,
            TunnelConnections connections,
            TunnelCounters counters,
            RateLimitedLog told,
            InstantSource clock) {}

    private final Settings settings;
    private final Dependencies around;
    private final NetServer server;
    private final NetClient local;
    private final Set<NetSocket> arriving = ConcurrentHashMap.newKeySet();

    TunnelServer(Settings settings, Dependencies around) {
        this.settings = settings;
        this.around = around;
        this.server = around.vertx()
                .createNetServer(options())
                .connectHandler(this::arrived)
                .exceptionHandler(this::notShaken);
        this.local = around.vertx().createNetClient();
    }

    /** TLS 1.3 with a certificate on both sides. */
    private NetServerOptions options() {
        MembershipView view = around.view();
        NetServerOptions options = new NetServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setClientAuth(
                        ClientAuth.REQUEST) // who comes to join has none; members without one are refused by name
                .setKeyCertOptions(KeyCertOptions.wrap(new ClusterTls.Keys(view::shown)))
                .setTrustOptions(TrustOptions.wrap(new ClusterTls.Trust(chain -> view.trusted(), around.clock())))
                .setSslHandshakeTimeout(settings.handshake().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        options.setEnabledSecureTransportProtocols(ClusterTls.VERSIONS);
        options.setSslEngineOptions(ClusterTls.engine());
        options.setTcpKeepAlive(true);
        options.getSslOptions().setApplicationLayerProtocols(List.of(ClusterTls.MEMBER, ClusterTls.JOIN));
        return options;
    }

    Future<NetServer> open() {
        return server.listen(
                settings.listen().port(), settings.listen().address().getHostAddress());
    }

    private void notShaken(Throwable failure) {
        around.counters().handshakeFailures.increment();
        around.told().warn("a connection to the cluster's port did not come about: " + reason(failure));
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return String.valueOf(cause.getMessage());
            }
        }
        String message = String.valueOf(failure.getMessage());
        return message.contains("fatal alert")
                ? "the other side does not believe this node's certificate (" + Dialer.alert(message) + ")"
                : "TLS was not spoken to its end: " + message;
    }

    private void arrived(NetSocket socket) {
        if (arriving.size() + around.counters().open.sum() >= settings.connectionsMax()) {
            around.told()
                    .warn("a connection to the cluster's port was closed: there are " + settings.connectionsMax()
                            + " already");
            around.counters().refused.increment();
            socket.close();
            return;
        }
        arriving.add(socket);
        String protocol = String.valueOf(socket.applicationLayerProtocol());
        Future<?> served = switch (protocol) {
            case ClusterTls.MEMBER -> member(socket);
            case ClusterTls.JOIN -> join(socket);
            default -> Future.failedFuture("it speaks neither " + ClusterTls.MEMBER + " nor " + ClusterTls.JOIN);
        };
        served.onFailure(failure -> {
                    around.counters().refused.increment();
                    around.told()
                            .warn(socket.remoteAddress().hostAddress() + " was refused at the cluster's port: "
                                    + (failure.getMessage() == null ? "the connection broke" : failure.getMessage()));
                    socket.close();
                })
                .onComplete(done -> arriving.remove(socket));
    }

    private Future<Void> member(NetSocket socket) {
        return Frames.read(around.vertx(), socket, Frames.STRANGER_BYTES_MAX, settings.handshake())
                .compose(message -> switch (PeerCheck.member(
                        Dialer.certificates(socket),
                        self().cluster(),
                        around.view().memberList())) {
                    case PeerCheck.Verdict.Refused refused -> refuse(socket, refused.reason());
                    case PeerCheck.Verdict.Member member -> serve(socket, member.node(), message);
                });
    }

    private NodeName self() {
        return around.view().self();
    }

    /** Both sides tell the reason. */
    private static Future<Void> refuse(NetSocket socket, String reason) {
        return Frames.write(socket, Answers.refusal(reason)).transform(written -> Future.failedFuture(reason));
    }

    private Future<Void> serve(NetSocket socket, NodeEntry peer, JsonObject message) {
        Optional<Greeting> greeting = Greeting.parse(message);
        Optional<String> problem = greeting.isEmpty()
                ? Optional.of("no greeting was understood")
                : greeting.get().problemFor(self());
        if (problem.isPresent()) {
            return refuse(socket, problem.get());
        }
        return switch (greeting.orElseThrow().want()) {
            case NODES ->
                Frames.write(
                                socket,
                                Answers.welcome()
                                        .put(
                                                "documents",
                                                Answers.documents(around.view().documents())))
                        .onSuccess(written -> socket.close());
            case MEMBER -> connect(socket, peer);
        };
    }

    private Future<Void> connect(NetSocket socket, NodeEntry peer) {
        AtomicBoolean isGone = Splice.watch(socket);
        return local.connect(
                        settings.member().getPort(),
                        settings.member().getAddress().getHostAddress())
                .recover(failure -> refuse(socket, "its cluster layer is not up: " + failure.getMessage())
                        .mapEmpty())
                .compose(member -> {
                    member.pause();
                    AtomicBoolean isMemberGone = Splice.watch(member);
                    return Frames.write(socket, Answers.welcome())
                            .onFailure(failure -> member.close())
                            .onSuccess(written -> {
                                Splice splice = carry(socket, member, peer);
                                if (isGone.get() || isMemberGone.get() || !isStillMember(peer)) {
                                    splice.cut();
                                }
                            });
                });
    }

    private Splice carry(NetSocket socket, NetSocket member, NodeEntry peer) {
        around.counters().in.increment();
        LOG.debug("node {} connected from {}", peer.id(), socket.remoteAddress());
        Splice splice = new Splice(socket, member, around.counters());
        around.connections().run(peer.id(), splice);
        return splice;
    }

    /** The node may have been removed while its connection was made. */
    private boolean isStillMember(NodeEntry peer) {
        return around.view()
                .memberList()
                .node(peer.id())
                .filter(node -> !node.isRemoved())
                .isPresent();
    }

    private Future<Void> join(NetSocket socket) {
        String from = socket.remoteAddress().hostAddress();
        return Frames.read(around.vertx(), socket, Frames.STRANGER_BYTES_MAX, settings.handshake())
                .compose(request -> answer(from, request))
                .compose(answer -> Frames.write(socket, answer))
                .onSuccess(written -> socket.close());
    }

    /** The desk waits for the store: not on the event loop. */
    private Future<JsonObject> answer(String from, JsonObject request) {
        Promise<JsonObject> answer = Promise.promise();
        Thread.startVirtualThread(() -> {
            try {
                answer.complete(around.joins().answer(from, request));
            } catch (RuntimeException e) {
                LOG.error("a join request from {} failed", from, e);
                answer.complete(Answers.refusal("the node failed to answer; its log says why"));
            }
        });
        return answer.future();
    }

    Future<?> close() {
        Set.copyOf(arriving).forEach(NetSocket::close);
        return Future.join(List.of(server.close(), local.close()));
    }
}
