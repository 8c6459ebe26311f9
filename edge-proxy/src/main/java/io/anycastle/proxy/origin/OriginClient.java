package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.SocketEnd;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.http1.Http1ClientConnection;
import java.util.concurrent.TimeUnit;

/** The pooled connections of one event loop to all origins. */
public final class OriginClient {
    /** Big pieces cost fewer trips through the pipeline. */
    private static final int CHUNK_BYTES_MAX = 64 * 1024;

    private static final int STATUS_LINE_BYTES_MAX = 16 * 1024;

    private final HttpClientAgent client;

    public OriginClient(Vertx vertx, OriginConfig config) {
        boolean isChecked = config.tls() == TlsMode.STRICT;
        HttpClientOptions options = new HttpClientOptions()
                .setTrustAll(!isChecked)
                .setVerifyHost(isChecked)
                .setForceSni(true)
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setSslHandshakeTimeout(config.handshakeTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout((int) Math.max(1, config.keepAlive().toSeconds()))
                .setMaxChunkSize(CHUNK_BYTES_MAX)
                .setMaxInitialLineLength(STATUS_LINE_BYTES_MAX)
                .setMaxHeaderSize(config.headerBytesMax());
        PoolOptions pool =
                new PoolOptions().setHttp1MaxSize(config.connectionsMax()).setMaxWaitQueueSize(config.queueMax());
        client = vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(OriginClient::made)
                .build();
    }

    /** What goes wrong on a connection is told to the request that uses it; an unused one may end as it likes. */
    private static void made(HttpConnection connection) {
        connection.exceptionHandler(failure -> {});
        if (connection instanceof Http1ClientConnection http1) {
            EndInOrder.follow(http1.channel().pipeline());
        }
    }

    /** A request on a connection to the target, new or kept. */
    public Future<HttpClientRequest> request(OriginTarget target, HttpMethod method, String uri) {
        return client.request(new RequestOptions()
                .setServer(target.socket())
                .setHost(target.serverName())
                .setPort(target.port())
                .setSsl(target.tls())
                .setMethod(method)
                .setURI(uri));
    }

    /** For a request that asks its connection to switch to another protocol; before it is sent. The connection is not used again. */
    public static void maySwitch(HttpClientRequest request) {
        if (request.connection() instanceof Http1ClientConnection connection) {
            EndInOrder.leave(connection.channel().pipeline());
        }
    }

    /** Gives a request up, and its connection with it, even when the origin takes nothing more of what is queued for it. */
    public static void abandon(HttpClientRequest request) {
        request.reset();
        if (request.connection() instanceof Http1ClientConnection connection) {
            SocketEnd.close(connection.channel());
        }
    }

    public Future<Void> close() {
        return client.close();
    }
}
