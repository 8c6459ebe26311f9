package io.anycastle.app.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TrustOptions;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Connects to other members' tunnels and makes sure that each is who it should be. */
final class Dialer {
    private final Vertx vertx;
    private final MembershipView view;
    private final Duration timeout;
    private final NetClient client;

    /**
     * @param connect the longest time until a connection is there
     * @param step the longest time for TLS and for each message
     */
    record Patience(Duration connect, Duration step) {}

    Dialer(Vertx vertx, MembershipView view, Patience patience, InstantSource clock) {
        this.vertx = vertx;
        this.view = view;
        this.timeout = patience.step;
        var trust = new ClusterTls.Trust(chain -> view.trusted(), clock);
        this.client = vertx.createNetClient(options(patience, ClusterTls.MEMBER, trust)
                .setKeyCertOptions(KeyCertOptions.wrap(new ClusterTls.Keys(view::shown))));
    }

    /** TLS 1.3 with one application protocol, no host names: certificates name nodes. */
    static NetClientOptions options(Patience patience, String protocol, ClusterTls.Trust trust) {
        NetClientOptions options = new NetClientOptions()
                .setConnectTimeout((int) patience.connect.toMillis())
                .setSsl(true)
                .setUseAlpn(true)
                .setApplicationLayerProtocols(List.of(protocol))
                .setHostnameVerificationAlgorithm("")
                .setTrustOptions(TrustOptions.wrap(trust));
        options.setEnabledSecureTransportProtocols(ClusterTls.VERSIONS);
        options.setSslEngineOptions(ClusterTls.engine());
        options.setSslHandshakeTimeout(patience.step.toMillis()).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        options.setTcpKeepAlive(true);
        return options;
    }

    /** A paused connection that ends at the peer's Hazelcast; fails with a {@link PeerException}. */
    Future<NetSocket> member(NodeEntry peer) {
        return greet(peer, Greeting.Want.MEMBER).map(Greeted::socket);
    }

    /** What the peer knows of the network; fails with a {@link PeerException}. */
    Future<Map<String, String>> nodes(NodeEntry peer) {
        return greet(peer, Greeting.Want.NODES).map(greeted -> {
            greeted.socket().close();
            return Answers.documents(greeted.answer().getJsonObject("documents", new JsonObject()));
        });
    }

    private record Greeted(NetSocket socket, JsonObject answer) {}

    private Future<Greeted> greet(NodeEntry peer, Greeting.Want want) {
        String host = peer.address().address().getHostAddress();
        return client.connect(peer.address().port(), host)
                .recover(failure -> Future.failedFuture(unconnected(failure)))
                .compose(socket -> greet(peer, want, socket).onFailure(failure -> socket.close()));
    }

    private Future<Greeted> greet(NodeEntry peer, Greeting.Want want, NetSocket socket) {
        Optional<String> problem = problem(peer, socket);
        if (problem.isPresent()) {
            return Future.failedFuture(new PeerException("is not believed: " + problem.get(), true));
        }
        Future<JsonObject> answer = Frames.read(vertx, socket, Frames.BYTES_MAX, timeout);
        Frames.write(
                socket, Greeting.of(want, view.self().cluster(), peer.number()).json());
        return answer.recover(failure -> Future.failedFuture(unanswered(failure)))
                .compose(json -> Answers.refusalIn(json)
                        .<Future<Greeted>>map(
                                reason -> Future.failedFuture(new PeerException("refused this node: " + reason, true)))
                        .orElseGet(() -> Future.succeededFuture(new Greeted(socket, json))));
    }

    /** Why the one that answers is not the peer. */
    private Optional<String> problem(NodeEntry peer, NetSocket socket) {
        return switch (PeerCheck.member(certificates(socket), view.self().cluster(), view.memberList())) {
            case PeerCheck.Verdict.Refused refused -> Optional.of(refused.reason());
            case PeerCheck.Verdict.Member member ->
                member.node().id().equals(peer.id())
                        ? Optional.empty()
                        : Optional.of("node " + member.node().id() + " answers there");
        };
    }

    static List<Certificate> certificates(NetSocket socket) {
        try {
            List<Certificate> certificates = socket.peerCertificates();
            return certificates == null ? List.of() : certificates;
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    /** Where our side ends the handshake, the reason is ours: {@link ClusterTls.Trust} told it. */
    static PeerException unconnected(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.security.cert.CertificateException) {
                return new PeerException("is not believed: " + cause.getMessage(), true);
            }
        }
        return new PeerException("cannot be reached: " + failure.getMessage(), false);
    }

    /** In TLS 1.3 the server's verdict on the client's certificate arrives where the first answer is expected. */
    private static PeerException unanswered(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("fatal alert")
                ? new PeerException(
                        "refused this node's certificate (" + alert(message)
                                + "): is it from another cluster, or expired?",
                        true)
                : new PeerException("does not answer: " + message, false);
    }

    static String alert(String message) {
        return message.replaceFirst(".*fatal alert: *", "");
    }

    Future<?> close() {
        return client.close();
    }
}
