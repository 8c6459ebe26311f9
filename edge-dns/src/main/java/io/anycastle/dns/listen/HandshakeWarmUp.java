package io.anycastle.dns.listen;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * A handshake with ourselves, over a port of loopback that is there for no longer. It has everything loaded and set up that TLS is made of,
 * which takes as long as many handshakes, before a client comes and keeps its event loop, and all who share it, waiting for that. Its own
 * event loop is none of those that serve.
 */
final class HandshakeWarmUp {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration HANDSHAKE_MAX = Duration.ofMinutes(1);
    private static final VertxOptions SMALL = new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setMaxEventLoopExecuteTime(HANDSHAKE_MAX.toNanos()); // nobody waits for this one

    private HandshakeWarmUp() {}

    /**
     * Shakes hands once; on a thread of its own, because whatever belongs to another Vert.x would go on there.
     *
     * @param spoken what clients will be spoken to with
     * @return what the client was shown; completes when nothing of it is left
     */
    static Future<List<Certificate>> of(ServerSSLOptions spoken) {
        Promise<List<Certificate>> seen = Promise.promise();
        Thread.ofVirtual().name("tls-warm-up").start(() -> {
            Vertx stage = Vertx.vertx(SMALL);
            // Told only once the stage is gone, and not by its event loop, which tells nobody anything after that.
            shake(stage, spoken)
                    .onSuccess(shown -> stage.close().onComplete(_ -> seen.complete(shown)))
                    .onFailure(e -> stage.close().onComplete(_ -> seen.fail(e)));
        });
        return seen.future();
    }

    private static Future<List<Certificate>> shake(Vertx stage, ServerSSLOptions spoken) {
        NetServer server = stage.createNetServer()
                .connectHandler(socket -> socket.pause().upgradeToSsl(spoken).onFailure(_ -> socket.close()));
        NetClient client = stage.createNetClient(new NetClientOptions());
        return server.listen(SocketAddress.inetSocketAddress(0, LOOPBACK))
                .compose(listening -> client.connect(listening.actualPort(), LOOPBACK))
                .compose(socket -> socket.upgradeToSsl(trusting(spoken)).map(socket))
                .compose(HandshakeWarmUp::shown)
                .eventually(() -> Future.join(client.close(), server.close())); // held till then: who is not is closed
    }

    /** It is our own certificate that comes, whatever name it is for. */
    private static ClientSSLOptions trusting(ServerSSLOptions spoken) {
        ClientSSLOptions options = new ClientSSLOptions();
        options.setTrustAll(true)
                .setHostnameVerificationAlgorithm("")
                .setUseAlpn(true)
                .setApplicationLayerProtocols(spoken.getApplicationLayerProtocols());
        return options;
    }

    private static Future<List<Certificate>> shown(NetSocket socket) {
        try {
            return Future.succeededFuture(socket.peerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            return Future.failedFuture(e);
        }
    }
}
