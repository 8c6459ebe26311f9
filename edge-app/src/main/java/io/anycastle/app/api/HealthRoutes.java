package io.anycastle.app.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code /livez}, {@code /readyz} and {@code /metrics}: open to whoever reaches the admin listener. {@code /readyz} is for those who send
 * visitors, {@code /readyz?writes} for those who want to change something.
 */
final class HealthRoutes {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private HealthRoutes() {}

    static void addTo(Router router, NodeFacts facts, AdminConfig config, AllowedMethods methods) {
        for (String path : List.of("/livez", "/readyz", "/metrics")) {
            methods.add(HttpMethod.GET, path);
            methods.add(HttpMethod.HEAD, path);
        }
        router.get("/livez")
                .method(HttpMethod.HEAD)
                .handler(routing -> json(routing, 200, new JsonObject().put("alive", true)));
        router.get("/readyz").method(HttpMethod.HEAD).handler(routing -> {
            Readiness readiness = facts.readiness();
            boolean isGood = routing.queryParams().contains("writes") ? readiness.takesChanges() : readiness.isReady();
            json(routing, isGood ? 200 : 503, readiness.json());
        });
        router.get("/metrics")
                .method(HttpMethod.HEAD)
                .handler(routing -> new ApiExchange(routing, config)
                        .run(Endpoint.Wants.NOTHING, call -> new ApiReply.Raw(200, METRICS_TYPE, facts.metrics())));
    }

    private static void json(RoutingContext routing, int status, JsonObject body) {
        routing.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toBuffer());
    }
}
