package io.anycastle.proxy.listen;

import io.anycastle.core.failure.ListenException;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.ProxyCounters.Event;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listener's share of one event loop: its server, and the client connections that came through it. */
public final class HttpListener {
    private static final int CHUNK_BYTES_MAX = 64 * 1024;

    /** What the decoder behind the scanner may take more than the scanner, which counts exactly and speaks first. */
    private static final int SLACK = 1024;

    private final Vertx vertx;
    private final ProxyConfig config;
    private final ListenerConfig listener;
    private final ConnectionLimiter limiter;
    private final ProxyCounters counters;
    private final Set<ClientConnection> connections = new LinkedHashSet<>();
    private @Nullable HttpServer server;
    /** Set before the listener opens. */
    private volatile Optional<SslContext> lenient = Optional.empty();

    private boolean isLastCall;
    private boolean isDraining;

    public HttpListener(
            Vertx vertx,
            ProxyConfig config,
            ListenerConfig listener,
            ConnectionLimiter limiter,
            ProxyCounters counters) {
        this.vertx = vertx;
        this.config = config;
        this.listener = listener;
        this.limiter = limiter;
        this.counters = counters;
    }

    /** Opens the socket; a failed future's message is one plain sentence. */
    public Future<Void> open(Handler<HttpServerRequest> wellFormed, Handler<HttpServerRequest> malformed) {
        HttpServer opening = vertx.createHttpServer(options())
                .connectionHandler(this::connected)
                .requestHandler(wellFormed)
                .invalidRequestHandler(malformed);
        server = opening;
        return problems()
                .compose(problems -> problems.isEmpty()
                        ? opening.listen(socketAddress())
                        : Future.failedFuture(new ListenException(problems)))
                .recover(failure -> Future.failedFuture(
                        failure instanceof ListenException ? failure : new ListenException(List.of(sentence(failure)))))
                .mapEmpty();
    }

    private Future<List<String>> problems() {
        if (listener.tls().isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        TlsFiles files = listener.tls().get();
        return vertx.executeBlocking(() -> {
                    List<String> found = files.problems(vertx);
                    if (found.isEmpty()) {
                        lenient = files.lenient(vertx);
                    }
                    return found;
                })
                .map(found -> Objects.requireNonNullElse(found, List.of()));
    }

    private SocketAddress socketAddress() {
        return listener.port() < 0
                ? SocketAddress.sharedRandomPort(-listener.port(), listener.address())
                : SocketAddress.inetSocketAddress(listener.port(), listener.address());
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions()
                .setAcceptBacklog(4096)
                .setHandle100ContinueAutomatically(false)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setMaxInitialLineLength(http1().getMaxInitialLineLength())
                .setMaxHeaderSize(http1().getMaxHeaderSize())
                .setMaxChunkSize(CHUNK_BYTES_MAX);
        listener.tls()
                .ifPresent(files -> options.setSsl(true)
                        .setSni(false)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(files.certificate().toString())
                                .setKeyPath(files.key().toString()))
                        .setSslEngineOptions(new OddNameTls(() -> lenient)));
        return options;
    }

    private Http1ServerConfig http1() {
        return new Http1ServerConfig()
                .setMaxInitialLineLength(config.heads().targetBytesMax() + SLACK)
                .setMaxHeaderSize(config.heads().headersBytesMax() + SLACK * 32)
                .setMaxChunkSize(CHUNK_BYTES_MAX);
    }

    private String sentence(Throwable failure) {
        String socket = listener.address() + " port " + Math.max(listener.port(), 0);
        boolean isBusy = failure instanceof BindException
                || String.valueOf(failure.getMessage()).contains("in use");
        String words = String.valueOf(failure.getMessage());
        if (words.contains("ermission")) {
            return "The " + listener.scheme() + " listener may not use " + socket
                    + ": ports below 1024 need a permission this program lacks.";
        }
        if (words.contains("assign")) {
            return "The " + listener.scheme() + " listener cannot use " + socket
                    + ": this machine does not have that address.";
        }
        return isBusy
                ? "The " + listener.scheme() + " listener cannot use " + socket
                        + ": another program is listening there."
                : "The " + listener.scheme() + " listener cannot use " + socket + ": " + words + ".";
    }

    private void connected(HttpConnection connection) {
        Http1ServerConnection http1 = (Http1ServerConnection) connection;
        if (!(http1.channel().remoteAddress() instanceof InetSocketAddress remote)) {
            connection.close();
            return;
        }
        counters.count(Event.CONNECTIONS);
        InetAddress client = remote.getAddress();
        if (!limiter.enter(client)) {
            counters.count(Event.CONNECTIONS_REFUSED);
            connection.close();
            return;
        }
        ClientConnection standing = new ClientConnection(http1, listener, config.clients());
        connections.add(standing);
        if (isLastCall) {
            standing.lastCall();
        }
        if (isDraining) {
            standing.endSoon();
        }
        http1.channel().closeFuture().addListener(closed -> {
            connections.remove(standing);
            limiter.leave(client);
        });
        http1.channel()
                .pipeline()
                .replace("httpDecoder", "httpDecoder", new StrictRequestDecoder(http1(), config.heads(), standing));
    }

    /** Lets every connection look at its deadlines. */
    public void expire(long nowNanos) {
        // A copy, because a connection that ends leaves the set.
        List.copyOf(connections).forEach(connection -> connection.expire(nowNanos));
    }

    public int port() {
        return server == null ? 0 : server.actualPort();
    }

    /** Lets the next answer of each connection be its last. */
    public void lastCall() {
        isLastCall = true;
        connections.forEach(ClientConnection::lastCall);
    }

    /**
     * Takes no new connections, ends idle ones, and lets each answer under way be its connection's last; completes when no connection is
     * left or the time is up.
     */
    public Future<Void> drain(Duration atMost) {
        isDraining = true;
        List.copyOf(connections).forEach(ClientConnection::endSoon);
        return server == null ? Future.succeededFuture() : server.shutdown(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    public Future<Void> close() {
        List.copyOf(connections).forEach(ClientConnection::close);
        return server == null ? Future.succeededFuture() : server.close();
    }
}
