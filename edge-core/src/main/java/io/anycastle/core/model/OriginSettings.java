package io.anycastle.core.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How an origin is asked, as far as it is said for a record, or for all of a zone; checked and in its stored form. What is not said
 * follows what lies behind: the zone's, then the node's settings. Immutable.
 *
 * <p>The JSON texts are what counts: what a newer version has put under a known key is kept as it is, and means nothing here.
 */
public final class OriginSettings {
    public static final OriginSettings NONE = parsed(new EnumMap<>(OriginKey.class));

    public static final int WEIGHT_MAX = 1_000;

    private static final int PORT_MAX = 65_535;

    private final EnumMap<OriginKey, String> json;
    private final OptionalInt port;
    private final Optional<OriginScheme> scheme;
    private final Optional<String> host;
    private final Optional<String> sni;
    private final Optional<Boolean> tlsVerify;
    private final Optional<String> ca;
    private final Optional<List<OriginRoute>> routes;
    private final OptionalInt weight;
    private final Optional<OriginBalance> balance;
    private final Optional<OriginRoute> fallback;
    private final Optional<HealthCheck> healthCheck;
    private final Optional<OriginProxyProtocol> proxyProtocol;

    /** The first of each field that the texts have; the second as it is where they lack it. */
    private OriginSettings(EnumMap<OriginKey, String> json, OriginSettings first, OriginSettings second) {
        EnumMap<OriginKey, String> own = first.json;
        this.json = json;
        port = own.containsKey(OriginKey.PORT) ? first.port : second.port;
        scheme = own.containsKey(OriginKey.SCHEME) ? first.scheme : second.scheme;
        host = own.containsKey(OriginKey.HOST) ? first.host : second.host;
        sni = own.containsKey(OriginKey.SNI) ? first.sni : second.sni;
        tlsVerify = own.containsKey(OriginKey.TLS_VERIFY) ? first.tlsVerify : second.tlsVerify;
        ca = own.containsKey(OriginKey.CA) ? first.ca : second.ca;
        routes = own.containsKey(OriginKey.ROUTES) ? first.routes : second.routes;
        weight = own.containsKey(OriginKey.WEIGHT) ? first.weight : second.weight;
        balance = own.containsKey(OriginKey.BALANCE) ? first.balance : second.balance;
        fallback = own.containsKey(OriginKey.FALLBACK) ? first.fallback : second.fallback;
        healthCheck = own.containsKey(OriginKey.HEALTH_CHECK) ? first.healthCheck : second.healthCheck;
        proxyProtocol = own.containsKey(OriginKey.PROXY_PROTOCOL) ? first.proxyProtocol : second.proxyProtocol;
    }

    private OriginSettings(EnumMap<OriginKey, String> json, Map<OriginKey, JsonNode> values) {
        this.json = json;
        port = number(of(values, OriginKey.PORT), 1, PORT_MAX);
        scheme = text(of(values, OriginKey.SCHEME)).flatMap(OriginScheme::named);
        host = text(of(values, OriginKey.HOST));
        sni = text(of(values, OriginKey.SNI));
        tlsVerify = Optional.of(of(values, OriginKey.TLS_VERIFY))
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue);
        ca = text(of(values, OriginKey.CA));
        routes = Optional.of(of(values, OriginKey.ROUTES))
                .filter(JsonNode::isArray)
                .map(OriginSettings::routes);
        weight = number(of(values, OriginKey.WEIGHT), 0, WEIGHT_MAX);
        balance = text(of(values, OriginKey.BALANCE)).flatMap(OriginBalance::named);
        fallback = destination(of(values, OriginKey.FALLBACK), OriginRoute.ROOT);
        healthCheck = HealthCheck.of(of(values, OriginKey.HEALTH_CHECK));
        proxyProtocol = text(of(values, OriginKey.PROXY_PROTOCOL)).flatMap(OriginProxyProtocol::named);
    }

    /** @param json a JSON text for each key of which something is said */
    public static OriginSettings of(Map<OriginKey, String> json) {
        return json.isEmpty() ? NONE : parsed(new EnumMap<>(json));
    }

    private static OriginSettings parsed(EnumMap<OriginKey, String> json) {
        Map<OriginKey, JsonNode> values = new EnumMap<>(OriginKey.class);
        json.forEach((key, text) -> values.put(key, value(text)));
        return new OriginSettings(json, values);
    }

    private static JsonNode value(String text) {
        try {
            return OriginDraft.tree(text);
        } catch (IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    private static JsonNode of(Map<OriginKey, JsonNode> values, OriginKey key) {
        return values.getOrDefault(key, MissingNode.getInstance());
    }

    private static Optional<String> text(JsonNode value) {
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    private static OptionalInt number(JsonNode value, int min, int max) {
        boolean isOne =
                value.isNumber() && value.canConvertToInt() && value.intValue() >= min && value.intValue() <= max;
        return isOne ? OptionalInt.of(value.intValue()) : OptionalInt.empty();
    }

    private static List<OriginRoute> routes(JsonNode list) {
        List<OriginRoute> routes = new ArrayList<>();
        for (JsonNode route : list) {
            text(route.path("path")).flatMap(path -> destination(route, path)).ifPresent(routes::add);
        }
        return List.copyOf(routes);
    }

    private static Optional<OriginRoute> destination(JsonNode fields, String path) {
        Optional<OriginScheme> scheme = text(fields.path("scheme")).flatMap(OriginScheme::named);
        OptionalInt port = number(fields.path("port"), 1, PORT_MAX);
        return text(fields.path("origin")).map(origin -> new OriginRoute(path, origin, port, scheme));
    }

    /** The JSON text of each key of which something is said, in the order of the keys. */
    public Map<OriginKey, String> json() {
        return Collections.unmodifiableMap(json);
    }

    /** Whether nothing is said. */
    public boolean isEmpty() {
        return json.isEmpty();
    }

    /** These, and what is not said here as the others have it. */
    public OriginSettings over(OriginSettings others) {
        if (isEmpty() || others.isEmpty()) {
            return isEmpty() ? others : this;
        }
        EnumMap<OriginKey, String> both = others.json.clone();
        both.putAll(json);
        return new OriginSettings(both, this, others);
    }

    /** 1 to 65535. */
    public OptionalInt port() {
        return port;
    }

    public Optional<OriginScheme> scheme() {
        return scheme;
    }

    /** The Host that is sent to the origin, with a port where it has one. */
    public Optional<String> host() {
        return host;
    }

    /** The name that TLS asks for, and by which the certificate is checked. */
    public Optional<String> sni() {
        return sni;
    }

    public Optional<Boolean> tlsVerify() {
        return tlsVerify;
    }

    /** Certificates in PEM form. */
    public Optional<String> ca() {
        return ca;
    }

    /** None where nothing is said of them, and where it is said that there are none. */
    public List<OriginRoute> routes() {
        return routes.orElse(List.of());
    }

    /** 0 to {@link #WEIGHT_MAX}: the share of requests among several origins; with 0 it is asked only when no other is left. */
    public OptionalInt weight() {
        return weight;
    }

    /** How one of several origins is chosen. */
    public Optional<OriginBalance> balance() {
        return balance;
    }

    /** Who is asked when all others are out; its path is the root. */
    public Optional<OriginRoute> fallback() {
        return fallback;
    }

    /** How it is found out whether the origin works; empty where nothing is said, and where it is said that nothing is asked. */
    public Optional<HealthCheck> healthCheck() {
        return healthCheck.filter(check -> check.type() != HealthCheck.Type.NONE);
    }

    /** Whether connections begin with the PROXY protocol; then each belongs to one client, and HTTP/2 is not spoken. */
    public boolean sendsProxyHeader() {
        return proxyProtocol.filter(said -> said != OriginProxyProtocol.OFF).isPresent();
    }

    /**
     * The route with the longest path that holds the request's.
     *
     * @param path as sent, without the query
     */
    public Optional<OriginRoute> route(String path) {
        OriginRoute longest = null;
        for (OriginRoute route : routes()) {
            if (route.holds(path)
                    && (longest == null
                            || route.path().length() > longest.path().length())) {
                longest = route;
            }
        }
        return Optional.ofNullable(longest);
    }

    /** The keys by which an origin would be asked without TLS. */
    public Set<OriginKey> withoutTls() {
        return asking(said -> !said.isTls());
    }

    /** The keys by which an origin would be asked by HTTP/2 and nothing else. */
    public Set<OriginKey> byHttp2() {
        return asking(OriginScheme.H2C::equals);
    }

    private Set<OriginKey> asking(Predicate<OriginScheme> by) {
        Set<OriginKey> keys = EnumSet.noneOf(OriginKey.class);
        if (scheme.filter(by).isPresent()) {
            keys.add(OriginKey.SCHEME);
        }
        if (routes().stream().anyMatch(route -> route.scheme().filter(by).isPresent())) {
            keys.add(OriginKey.ROUTES);
        }
        if (fallback.flatMap(OriginRoute::scheme).filter(by).isPresent()) {
            keys.add(OriginKey.FALLBACK);
        }
        return keys;
    }

    /** The same, with TLS where it is said that there is none. */
    public OriginSettings withTls() {
        if (withoutTls().isEmpty()) {
            return this;
        }
        EnumMap<OriginKey, String> changed = json.clone();
        if (scheme.isPresent()) {
            changed.put(OriginKey.SCHEME, "\"" + OriginScheme.HTTPS.text() + "\"");
        }
        if (routes.isPresent() && value(json.getOrDefault(OriginKey.ROUTES, "")) instanceof ArrayNode list) {
            list.forEach(OriginSettings::putTls);
            changed.put(OriginKey.ROUTES, list.toString());
        }
        if (fallback.isPresent()) {
            JsonNode fields = value(json.getOrDefault(OriginKey.FALLBACK, ""));
            putTls(fields);
            changed.put(OriginKey.FALLBACK, fields.toString());
        }
        return parsed(changed);
    }

    private static void putTls(JsonNode destination) {
        if (destination instanceof ObjectNode fields && fields.has("scheme")) {
            fields.put("scheme", OriginScheme.HTTPS.text());
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OriginSettings settings && json.equals(settings.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
