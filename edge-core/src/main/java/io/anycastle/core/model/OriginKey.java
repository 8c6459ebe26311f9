package io.anycastle.core.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What may be said of how an origin is asked. */
public enum OriginKey {
    /** A whole number from 1 to 65535. */
    PORT("origin_port"),
    /** An {@link OriginScheme}. */
    SCHEME("origin_scheme"),
    /** The Host that is sent to the origin. */
    HOST("origin_host"),
    /** The name that TLS asks the origin for, and by which its certificate is checked. */
    SNI("origin_sni"),
    /** Whether the origin's certificate is checked. */
    TLS_VERIFY("origin_tls_verify"),
    /** Certificates in PEM form: who is believed to be the origin, or to vouch for it. */
    CA("origin_ca"),
    /** A list of {@link OriginRoute}. */
    ROUTES("routes"),
    /** A whole number from 0 to {@link OriginSettings#WEIGHT_MAX}: the share of requests among several origins. */
    WEIGHT("origin_weight"),
    /** An {@link OriginBalance}. */
    BALANCE("origin_balance"),
    /** An {@link OriginRoute} without a path: who is asked when all others are out. */
    FALLBACK("origin_fallback"),
    /** A {@link HealthCheck}. */
    HEALTH_CHECK("health_check"),
    /** An {@link OriginProxyProtocol}. */
    PROXY_PROTOCOL("origin_proxy_protocol");

    private static final Map<String, OriginKey> BY_TEXT =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(OriginKey::text, Function.identity()));

    private final String text;

    OriginKey(String text) {
        this.text = text;
    }

    /** As the API, the cluster maps and the disk name it. */
    public String text() {
        return text;
    }

    public static Optional<OriginKey> named(String text) {
        return Optional.ofNullable(BY_TEXT.get(text));
    }
}
