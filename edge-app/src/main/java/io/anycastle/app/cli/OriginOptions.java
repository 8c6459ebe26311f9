package io.anycastle.app.cli;

import io.anycastle.core.model.HealthCheckSpelling;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.RouteSpelling;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an origin is asked: of a record, or of all records of a zone that say nothing else. */
final class OriginOptions {
    @Option(names = "--origin-port", paramLabel = "PORT", description = "The origin's port, 1 to 65535.")
    @Nullable
    Integer port;

    @Option(
            names = "--origin-scheme",
            paramLabel = "SCHEME",
            description = "What the origin speaks: http, https, or h2c, which is HTTP/2 without TLS.")
    @Nullable
    String scheme;

    @Option(names = "--origin-host", paramLabel = "HOST", description = "The Host that is sent to the origin.")
    @Nullable
    String host;

    @Option(
            names = "--origin-sni",
            paramLabel = "NAME",
            description = "The name that TLS asks the origin for and checks its certificate by.")
    @Nullable
    String sni;

    @Option(
            names = "--origin-tls-verify",
            negatable = true,
            fallbackValue = "true",
            description = "Check the origin's certificate, or not.")
    @Nullable
    Boolean verifiesTls;

    @Option(
            names = "--origin-ca",
            paramLabel = "FILE",
            description = "Certificates in PEM form: who is believed to be the origin, or to vouch for it.")
    @Nullable
    Path ca;

    @Option(
            names = "--route",
            paramLabel = "PATH=ORIGIN",
            description =
                    "Where a path and all below it go, as /api=192.0.2.20:8080 or /api=https://app.example.net; may be given"
                            + " several times, which are all routes then.")
    List<String> routes = List.of();

    @Option(
            names = "--origin-weight",
            paramLabel = "N",
            description =
                    "The origin's share of requests beside the name's other origins, 0 to 1000; 1 where nothing is said.")
    @Nullable
    Integer weight;

    @Option(
            names = "--origin-balance",
            paramLabel = "METHOD",
            description =
                    "How one of several origins is chosen: round_robin, least_outstanding, address_hash or cookie_hash:NAME.")
    @Nullable
    String balance;

    @Option(
            names = "--origin-fallback",
            paramLabel = "ORIGIN",
            description =
                    "Who is asked when all other origins are out, as 192.0.2.9:8080 or https://spare.example.net.")
    @Nullable
    String fallback;

    @Option(
            names = "--health-check",
            paramLabel = "CHECK",
            description =
                    "How it is found out whether the origin works, as https/health, tcp:5432, none, or with options"
                            + " http:8080/up;codes=2xx;body=ok;interval=10;timeout=2;retries=1;method=HEAD;host=NAME.")
    @Nullable
    String healthCheck;

    @Option(
            names = "--origin-proxy-protocol",
            paramLabel = "VERSION",
            description = "Whether connections to the origin begin with the PROXY protocol, off or v2; not with h2c.")
    @Nullable
    String proxyProtocol;

    @Option(
            names = "--unset",
            paramLabel = "KEY",
            description = "Take back what was said by origin-port, routes and so on; may be given several times.")
    List<String> unset = List.of();

    /** Adds the fields that the API has for what the user has given. */
    void addTo(JsonObject settings, Path folder) {
        for (String key : unset) {
            settings.putNull(named(key).text());
        }
        JsonFields.put(settings, OriginKey.PORT.text(), port);
        JsonFields.put(settings, OriginKey.SCHEME.text(), scheme);
        JsonFields.put(settings, OriginKey.HOST.text(), host);
        JsonFields.put(settings, OriginKey.SNI.text(), sni);
        JsonFields.put(settings, OriginKey.TLS_VERIFY.text(), verifiesTls);
        JsonFields.put(settings, OriginKey.CA.text(), ca == null ? null : TextFile.read(folder, ca));
        JsonFields.put(settings, OriginKey.ROUTES.text(), routes.isEmpty() ? null : routeObjects());
        JsonFields.put(settings, OriginKey.WEIGHT.text(), weight);
        JsonFields.put(settings, OriginKey.BALANCE.text(), balance);
        JsonFields.put(settings, OriginKey.FALLBACK.text(), fallback == null ? null : origin(fallback));
        JsonFields.put(
                settings,
                OriginKey.HEALTH_CHECK.text(),
                healthCheck == null
                        ? null
                        : new JsonObject(HealthCheckSpelling.read(healthCheck).toString()));
        JsonFields.put(settings, OriginKey.PROXY_PROTOCOL.text(), proxyProtocol);
    }

    private JsonArray routeObjects() {
        JsonArray objects = new JsonArray();
        routes.forEach(
                route -> objects.add(new JsonObject(RouteSpelling.read(route).toString())));
        return objects;
    }

    private static JsonObject origin(String text) {
        return new JsonObject(RouteSpelling.readOrigin(text).toString());
    }

    private static OriginKey named(String key) {
        return OriginKey.named(key.replace('-', '_')).orElseThrow(() -> {
            String keys = Arrays.stream(OriginKey.values())
                    .map(known -> known.text().replace('_', '-'))
                    .collect(Collectors.joining(", "));
            return CommandException.usage("--unset: expected one of " + keys + ", found '" + key + "'");
        });
    }
}
