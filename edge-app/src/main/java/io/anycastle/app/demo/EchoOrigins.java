package io.anycastle.app.demo;

import io.anycastle.app.config.HostPort;
import io.anycastle.app.lifecycle.EventLoops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.util.Map;

/** Tiny web servers on loopback that answer with what they were asked. */
final class EchoOrigins implements AutoCloseable {
    private static final InetAddress HOST = InetAddress.ofLiteral("127.0.0.1");

    private final Vertx vertx = Vertx.vertx(EventLoops.withoutFolder());

    /** Starts one and returns where it is; blocks. */
    HostPort start(String name) {
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(request -> echo(request, name))
                .listen(0, HOST.getHostAddress()));
        return new HostPort(HOST, server.actualPort());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static void echo(HttpServerRequest request, String name) {
        JsonObject headers = new JsonObject();
        for (Map.Entry<String, String> header : request.headers()) {
            headers.put(header.getKey(), header.getValue());
        }
        JsonObject seen = new JsonObject()
                .put("origin", name)
                .put("method", request.method().name())
                .put("path", request.uri())
                .put("headers", headers);
        request.response().putHeader("Content-Type", "application/json").end(seen.encodePrettily() + "\n");
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
