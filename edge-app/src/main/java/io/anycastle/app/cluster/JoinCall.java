package io.anycastle.app.cluster;

import io.anycastle.app.config.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a cluster to take this node in. Blocks; not for event loops. */
final class JoinCall {
    private final Vertx vertx;
    private final JoinToken token;
    private final Duration timeout;
    private final InstantSource clock;

    JoinCall(Vertx vertx, JoinToken token, Duration timeout, InstantSource clock) {
        this.vertx = vertx;
        this.token = token;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** What came of it. */
    sealed interface Outcome {
        record Joined(Identity identity) implements Outcome {}

        /** The reasons are for the operator, one for each address that was tried. */
        record Failed(List<String> reasons) implements Outcome {
            public Failed {
                reasons = List.copyOf(reasons);
            }
        }
    }

    /** Tries the token's addresses one after the other; a refusal is final. */
    Outcome join(String id, HostPort address) {
        KeyPair pair = Keypairs.fresh();
        JsonObject request = JoinRequest.json(token, id, address, pair);
        NetClient client = vertx.createNetClient(Dialer.options(
                new Dialer.Patience(timeout, timeout), ClusterTls.JOIN, ClusterTls.pinned(token.authority(), clock)));
        List<String> reasons = new ArrayList<>();
        try {
            for (HostPort at : token.addresses()) {
                try {
                    JsonObject answer = ask(client, at, request)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join();
                    return new Outcome.Joined(identity(id, pair, answer));
                } catch (java.util.concurrent.CompletionException e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    reasons.add("the node at " + at + " " + cause.getMessage());
                    if (cause instanceof PeerException failure && failure.isRefusal()) {
                        break;
                    }
                } catch (CertificateException e) {
                    reasons.add("the node at " + at + " sent no certificate that can be read: " + e.getMessage());
                }
            }
            return new Outcome.Failed(reasons);
        } finally {
            client.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private Future<JsonObject> ask(NetClient client, HostPort at, JsonObject request) {
        return client.connect(at.port(), at.address().getHostAddress())
                .recover(failure -> Future.failedFuture(Dialer.unconnected(failure)))
                .compose(socket -> {
                    Future<JsonObject> answer = Frames.read(vertx, socket, Frames.BYTES_MAX, timeout.multipliedBy(2));
                    Frames.write(socket, request);
                    return answer.recover(failure -> Future.failedFuture(
                                    new PeerException("does not answer: " + failure.getMessage(), false)))
                            .compose(JoinCall::accepted)
                            .onComplete(done -> socket.close());
                });
    }

    private static Future<JsonObject> accepted(JsonObject answer) {
        return Answers.refusalIn(answer)
                .<Future<JsonObject>>map(
                        reason -> Future.failedFuture(new PeerException("refused this node: " + reason, true)))
                .orElseGet(() -> Future.succeededFuture(answer));
    }

    private Identity identity(String id, KeyPair pair, JsonObject answer) throws CertificateException {
        try {
            JsonArray certificates = answer.getJsonArray("certificates");
            X509Certificate certificate = Pem.certificate(certificates.getString(0));
            Map<String, String> documents = Answers.documents(answer.getJsonObject("documents"));
            ClusterKey key = ClusterKey.parse(answer.getString("cluster_key"))
                    .orElseThrow(() -> new CertificateException("the answer holds no cluster key"));
            NodeName name = new NodeName(token.cluster(), id, answer.getInteger("number"));
            if (!certificate.getPublicKey().equals(pair.getPublic())
                    || !NodeName.of(certificate).equals(java.util.Optional.of(name))) {
                throw new CertificateException("the certificate is for something else");
            }
            return new Identity(name, pair.getPrivate(), certificate, key, documents);
        } catch (ClassCastException | NullPointerException e) {
            throw new CertificateException("the answer is incomplete", e);
        }
    }
}
