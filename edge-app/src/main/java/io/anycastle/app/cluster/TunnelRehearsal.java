package io.anycastle.app.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handshake of this node with itself before its tunnel opens, on an event loop of its own. All that TLS loads and builds the first time
 * is there then, and the first connections between nodes keep no event loop that visitors share.
 */
final class TunnelRehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelRehearsal.class);
    private static final String LOOPBACK = "127.0.0.1";

    private TunnelRehearsal() {}

    /** Shakes hands once, within that time. Blocks; a failure costs the gain alone. */
    static void of(NetServerOptions gate, NetClientOptions dialer, Duration atMost) {
        Vertx stage = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setPreferNativeTransport(true)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)));
        try {
            await(shake(stage, gate, dialer), atMost);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the tunnel's TLS could not be tried beforehand", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stage.close();
        }
    }

    private static Future<Void> shake(Vertx stage, NetServerOptions gate, NetClientOptions dialer) {
        NetServer server = stage.createNetServer(gate).connectHandler(NetSocket::close);
        NetClient client = stage.createNetClient(dialer);
        return server.listen(SocketAddress.inetSocketAddress(0, LOOPBACK))
                .compose(listening -> client.connect(listening.actualPort(), LOOPBACK))
                .compose(NetSocket::close)
                .eventually(() -> Future.join(client.close(), server.close())); // held till then: who is not is closed
    }

    private static void await(Future<Void> done, Duration atMost)
            throws ExecutionException, TimeoutException, InterruptedException {
        done.toCompletionStage().toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }
}
