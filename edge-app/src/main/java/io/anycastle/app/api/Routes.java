package io.anycastle.app.api;

import io.anycastle.app.api.Endpoint.Wants;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The table of the admin API's routes. */
final class Routes {
    private static final String BASE = "/client/v4";
    private static final String ZONE = "/zones/:zone";
    private static final String RECORDS = ZONE + "/dns_records";
    private static final String RECORD = RECORDS + "/:record";
    private static final String SETTINGS = ZONE + "/settings";
    private static final String MAINTENANCE = ZONE + "/maintenance";
    private static final String CLIENT_AUTH = ZONE + "/origin_tls_client_auth";
    private static final String PAGES = ZONE + "/custom_pages";
    private static final String CLUSTER = "/edge/cluster";
    private static final String CONFLICTS = "/edge/conflicts";
    private static final String BACKUP = "/edge/backup";
    private static final String ACCOUNT_DNS = "/accounts/:account/dns_settings";

    private final Router router;
    private final Credentials credentials;
    private final AdminConfig config;
    private final AllowedMethods methods = new AllowedMethods();

    private Routes(Router router, Credentials credentials, AdminConfig config) {
        this.router = router;
        this.credentials = credentials;
        this.config = config;
    }

    static Router of(Vertx vertx, AdminConfig config, AdminParts parts) {
        Router router = Router.router(vertx);
        FailedLogins failures = new FailedLogins(parts.clock(), config.failedLogins());
        Routes routes = new Routes(router, new Credentials(parts.token(), failures), config);
        AdminApi api = AdminApi.of(config, parts);
        HealthRoutes.addTo(router, parts.facts(), config, routes.methods);
        router.route(BASE + "/*").handler(routes::admit);
        routes.zones(api.zones());
        routes.records(api);
        routes.others(api);
        routes.cluster(api.cluster());
        routes.conflicts(api.conflicts());
        routes.backup(api.backup());
        routes.failures();
        return router;
    }

    private void zones(ZoneCalls zones) {
        on(HttpMethod.GET, "/zones", Wants.NOTHING, zones::list);
        on(HttpMethod.POST, "/zones", Wants.JSON, zones::create);
        on(HttpMethod.GET, ZONE, Wants.NOTHING, zones::read);
        on(HttpMethod.PATCH, ZONE, Wants.JSON, zones::change);
        on(HttpMethod.DELETE, ZONE, Wants.NOTHING, zones::delete);
        on(HttpMethod.PUT, ZONE + "/activation_check", Wants.NOTHING, zones::check);
    }

    private void records(AdminApi api) {
        RecordCalls records = api.records();
        on(HttpMethod.GET, RECORDS, Wants.NOTHING, records::list);
        on(HttpMethod.POST, RECORDS, Wants.JSON, records::create);
        on(HttpMethod.POST, RECORDS + "/batch", Wants.JSON, api.batch()::batch);
        on(HttpMethod.POST, RECORDS + "/import", Wants.UPLOAD, api.zoneFiles()::read);
        on(HttpMethod.GET, RECORDS + "/export", Wants.NOTHING, api.zoneFiles()::write);
        List.of("/batch", "/import", "/export") // which are no records' identifiers
                .forEach(path -> router.route(BASE + RECORDS + path).handler(this::notAllowed));
        on(HttpMethod.GET, RECORD, Wants.NOTHING, records::read);
        on(HttpMethod.PUT, RECORD, Wants.JSON, records::replace);
        on(HttpMethod.PATCH, RECORD, Wants.JSON, records::patch);
        on(HttpMethod.DELETE, RECORD, Wants.NOTHING, records::delete);
    }

    private void others(AdminApi api) {
        // octoDNS asks for page rules on every run; there are none.
        on(HttpMethod.GET, ZONE + "/pagerules", Wants.NOTHING, call -> new ApiReply.Result(new JsonArray(), Map.of()));
        on(HttpMethod.GET, "/user/tokens/verify", Wants.NOTHING, Routes::verified);
        on(HttpMethod.GET, "/accounts/:account/tokens/verify", Wants.NOTHING, Routes::verified);
        on(HttpMethod.GET, "/edge/status", Wants.NOTHING, api.status());
        on(HttpMethod.GET, "/edge/nodes", Wants.NOTHING, api.nodes()::list);
        on(HttpMethod.POST, "/edge/reload", Wants.NOTHING, api.reload()::run);
        on(HttpMethod.GET, ZONE + "/dns_settings", Wants.NOTHING, api.dnsSettings()::read);
        on(HttpMethod.PATCH, ZONE + "/dns_settings", Wants.JSON, api.dnsSettings()::change);
        on(HttpMethod.GET, SETTINGS, Wants.NOTHING, api.zoneSettings()::list);
        on(HttpMethod.PATCH, SETTINGS, Wants.JSON, api.zoneSettings()::changeSeveral);
        on(HttpMethod.GET, SETTINGS + "/:setting", Wants.NOTHING, api.zoneSettings()::read);
        on(HttpMethod.PATCH, SETTINGS + "/:setting", Wants.JSON, api.zoneSettings()::change);
        on(HttpMethod.GET, MAINTENANCE, Wants.NOTHING, api.maintenance()::read);
        on(HttpMethod.PATCH, MAINTENANCE, Wants.JSON, api.maintenance()::change);
        on(HttpMethod.DELETE, MAINTENANCE, Wants.NOTHING, api.maintenance()::reset);
        on(HttpMethod.GET, CLIENT_AUTH, Wants.NOTHING, api.clientCertificate()::read);
        on(HttpMethod.PUT, CLIENT_AUTH, Wants.JSON, api.clientCertificate()::put);
        on(HttpMethod.DELETE, CLIENT_AUTH, Wants.NOTHING, api.clientCertificate()::remove);
        on(HttpMethod.GET, ZONE + "/tail", Wants.NOTHING, api.tail()::follow);
        on(HttpMethod.GET, PAGES, Wants.NOTHING, api.errorPages()::list);
        on(HttpMethod.GET, PAGES + "/:page", Wants.NOTHING, api.errorPages()::read);
        on(HttpMethod.PUT, PAGES + "/:page", Wants.JSON, api.errorPages()::put);
        on(HttpMethod.DELETE, PAGES + "/:page", Wants.NOTHING, api.errorPages()::reset);
        on(HttpMethod.GET, ACCOUNT_DNS, Wants.NOTHING, api.account()::read);
        on(HttpMethod.PATCH, ACCOUNT_DNS, Wants.JSON, api.account()::change);
    }

    private void cluster(ClusterCalls cluster) {
        on(HttpMethod.GET, CLUSTER + "/nodes", Wants.NOTHING, cluster::list);
        on(HttpMethod.DELETE, CLUSTER + "/nodes/:node", Wants.NOTHING, cluster::remove);
        on(HttpMethod.POST, CLUSTER + "/invitations", Wants.JSON, cluster::invite);
        on(HttpMethod.POST, CLUSTER + "/rotation", Wants.JSON, cluster::rotate);
    }

    private void conflicts(ConflictCalls conflicts) {
        on(HttpMethod.GET, CONFLICTS, Wants.NOTHING, conflicts::list);
        on(HttpMethod.POST, CONFLICTS + "/:conflict/apply", Wants.NOTHING, conflicts::again);
        on(HttpMethod.DELETE, CONFLICTS + "/:conflict", Wants.NOTHING, conflicts::dismiss);
    }

    private void backup(BackupCalls backup) {
        on(HttpMethod.GET, BACKUP, Wants.NOTHING, backup::write);
        on(HttpMethod.PUT, BACKUP, Wants.BACKUP, backup::restore);
    }

    /** Who comes here has shown the token. */
    private static ApiReply verified(Call call) {
        return ApiReply.of(new JsonObject().put("id", Ids.TOKEN).put("status", "active"));
    }

    private void on(HttpMethod method, String path, Wants wants, Endpoint endpoint) {
        Route route = router.route(method, BASE + path);
        methods.add(method, BASE + path);
        if (method.equals(HttpMethod.GET)) {
            route.method(HttpMethod.HEAD);
            methods.add(HttpMethod.HEAD, BASE + path);
        }
        route.handler(routing -> new ApiExchange(routing, config).run(wants, endpoint));
    }

    private void admit(RoutingContext routing) {
        String client = routing.request().remoteAddress().hostAddress();
        credentials
                .check(routing.request().headers(), routing.normalizedPath(), client)
                .ifPresentOrElse(refusal -> send(routing, refusal), routing::next);
    }

    private void unknown(RoutingContext routing) {
        send(routing, ApiError.notRouted(path(routing)));
    }

    private static String path(RoutingContext routing) {
        String path = routing.normalizedPath();
        return path.startsWith(BASE + "/") ? path.substring(BASE.length()) : path;
    }

    private void notAllowed(RoutingContext routing) {
        String text = "Method " + routing.request().method() + " not available for that URI";
        routing.response().putHeader("Allow", methods.at(routing.normalizedPath()));
        send(routing, ApiError.of(405, 7001, text));
    }

    /** What the router itself refuses gets the envelope too. */
    private void failures() {
        router.errorHandler(405, this::notAllowed);
        router.errorHandler(404, this::unknown);
        router.errorHandler(400, routing -> send(routing, ApiError.of(400, 6007, "The request cannot be understood")));
        router.errorHandler(
                500,
                routing -> new ApiExchange(routing, config)
                        .fail(Objects.requireNonNullElseGet(routing.failure(), IllegalStateException::new)));
    }

    private void send(RoutingContext routing, ApiError error) {
        new ApiExchange(routing, config).send(new ApiReply.Failed(error));
    }
}
