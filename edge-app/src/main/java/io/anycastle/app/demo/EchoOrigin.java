package io.anycastle.app.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** A tiny web server on loopback that answers with what it was asked. */
final class EchoOrigin {
    private static final String HOST = "127.0.0.1";

    private EchoOrigin() {}

    /** @param name which origin it plays */
    static Future<HttpServer> start(Vertx vertx, String name) {
        return vertx.createHttpServer()
                .requestHandler(request -> echo(request, name))
                .listen(0, HOST);
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
}
