package io.anycastle.app.api;

import io.anycastle.app.config.ListenerAddress;
import io.anycastle.core.failure.ListenException;
import io.anycastle.proxy.reply.HttpDate;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The listener of the admin API, metrics and health. */
public final class AdminServer {
    private static final int URI_BYTES_MAX = 64 * 1024;
    private static final int HEADER_BYTES_MAX = 64 * 1024;

    private final List<HttpServer> servers;
    private final List<InetSocketAddress> addresses;

    private AdminServer(List<HttpServer> servers, List<InetSocketAddress> addresses) {
        this.servers = servers;
        this.addresses = addresses;
    }

    /** Opens all listeners or none; fails with a {@link ListenException} that names every problem. */
    public static Future<AdminServer> start(Vertx vertx, AdminConfig config, AdminParts parts) {
        Router router = Routes.of(vertx, config, parts);
        List<HttpServer> servers = new ArrayList<>();
        List<Future<HttpServer>> opening = new ArrayList<>();
        for (ListenerAddress listener : config.listen()) {
            HttpServer server = vertx.createHttpServer(options(config))
                    .requestHandler(request -> {
                        request.response().putHeader("Date", HttpDate.now()); // also where the router refuses by itself
                        router.handle(request);
                    })
                    .invalidRequestHandler(AdminServer::refuse);
            servers.add(server);
            opening.add(server.listen(listener.port(), listener.address().getHostAddress()));
        }
        return Future.join(opening)
                .map(all -> new AdminServer(servers, addresses(config.listen(), servers)))
                .recover(failure ->
                        closeAll(servers).transform(closed -> Future.failedFuture(problems(config.listen(), opening))));
    }

    private static HttpServerOptions options(AdminConfig config) {
        return new HttpServerOptions()
                .setHandle100ContinueAutomatically(true)
                .setMaxInitialLineLength(URI_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setIdleTimeout((int) config.idle().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    /** What is no HTTP request gets the envelope too, and the end of the connection. */
    private static void refuse(HttpServerRequest request) {
        ApiError error = switch (request.decoderResult().cause()) {
            case TooLongHttpLineException _ ->
                ApiError.of(414, 10414, "The request line has more than " + URI_BYTES_MAX + " bytes");
            case TooLongHttpHeaderException _ ->
                ApiError.of(431, 10431, "The request's headers have more than " + HEADER_BYTES_MAX + " bytes");
            case null, default -> ApiError.of(400, 6007, "This is no HTTP request");
        };
        request.response()
                .setStatusCode(error.status())
                .putHeader("Date", HttpDate.now())
                .putHeader("Content-Type", "application/json")
                .putHeader("Connection", "close")
                .end(Envelope.of(error).toBuffer())
                .onComplete(sent -> request.connection().close());
    }

    private static ListenException problems(List<ListenerAddress> listeners, List<Future<HttpServer>> opening) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < opening.size(); i++) {
            if (opening.get(i).failed()) {
                problems.add("admin: "
                        + listeners.get(i).refusal("TCP", opening.get(i).cause()));
            }
        }
        return new ListenException(problems);
    }

    private static List<InetSocketAddress> addresses(List<ListenerAddress> listeners, List<HttpServer> servers) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            addresses.add(new InetSocketAddress(
                    listeners.get(i).address(), servers.get(i).actualPort()));
        }
        return List.copyOf(addresses);
    }

    private static Future<?> closeAll(List<HttpServer> servers) {
        return Future.join(servers.stream().map(HttpServer::close).toList());
    }

    /** Where the API answers, in the order of the configuration. */
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** Takes no new calls and lets those in flight end, at most so long. */
    public Future<?> close(long timeoutMs) {
        return Future.join(servers.stream()
                .map(server -> server.shutdown(timeoutMs, TimeUnit.MILLISECONDS))
                .toList());
    }
}
