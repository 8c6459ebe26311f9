package io.anycastle.app.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /livez}, {@code /readyz} and {@code /metrics}: open to whoever reaches the admin listener. */
final class HealthRoutes {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private HealthRoutes() {}

    static void addTo(Router router, NodeFacts facts, AdminConfig config) {
        router.get("/livez").handler(routing -> json(routing, 200, new JsonObject().put("alive", true)));
        router.get("/readyz").handler(routing -> {
            Readiness readiness = facts.readiness();
            json(routing, readiness.isReady() ? 200 : 503, readiness.json());
        });
        router.get("/metrics")
                .handler(routing -> new Exchange(routing, config)
                        .run(Endpoint.Wants.NOTHING, call -> new Reply.Raw(200, METRICS_TYPE, facts.metrics())));
    }

    private static void json(RoutingContext routing, int status, JsonObject body) {
        routing.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toBuffer());
    }
}
