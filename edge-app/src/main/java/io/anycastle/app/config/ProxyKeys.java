package io.anycastle.app.config;

import io.anycastle.core.model.Cidr;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ViaMode;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.HeadLimits;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.TlsMode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of the table of settings that the proxy reads. */
public final class ProxyKeys {
    private static final ProxyConfig PROXY = ProxyConfig.DEFAULTS;
    private static final HeadLimits HEADS = HeadLimits.DEFAULTS;
    private static final ClientLimits CLIENTS = ClientLimits.DEFAULTS;
    private static final OriginConfig ORIGINS = OriginConfig.DEFAULTS;

    public static final Key<Integer> THREADS = new Key<>(
            "proxy.threads", Shapes.number(0, 1024), 0, "Event loops that serve requests; 0 means one per processor.");
    public static final Key<String> LOOP_TOKEN = new Key<>(
            "proxy.loop-token",
            Shapes.text("1 to 64 letters, digits and -._", "[A-Za-z0-9._-]{1,64}"),
            PROXY.loopToken(),
            "How this edge names itself in CDN-Loop, to notice requests that go round.");
    public static final Key<Integer> LOOP_PASSES = new Key<>(
            "proxy.loop-passes-max",
            Shapes.number(0, 100),
            PROXY.loopPassesMax(),
            "How often a request may have passed this edge before.");
    public static final Key<List<Cidr>> TRUSTED_PROXIES = new Key<>(
            "proxy.trusted-proxies",
            Shapes.listOf(Shapes.network(), 0),
            PROXY.trustedProxies(),
            "Networks whose X-Forwarded-For and X-Forwarded-Proto are believed.");
    public static final Key<ViaMode> VIA = new Key<>(
            "proxy.via",
            Shapes.choice(ViaMode.class),
            PROXY.via(),
            "Where the edge adds itself to Via: nowhere, towards origins, or towards visitors too.");
    public static final Key<Boolean> ACCESS_LOG =
            new Key<>("proxy.access-log", Shapes.flag(), PROXY.accessLog(), "Whether each request is logged.");

    public static final Key<Long> TARGET_MAX = new Key<>(
            "limits.target-max",
            Shapes.size(1 << 10, 1 << 20),
            Long.valueOf(HEADS.targetBytesMax()),
            "The longest request target.");
    public static final Key<Long> HEADER_MAX = new Key<>(
            "limits.header-max",
            Shapes.size(1 << 10, 1 << 20),
            Long.valueOf(HEADS.headerBytesMax()),
            "The longest header line of a request.");
    public static final Key<Long> HEADERS_MAX = new Key<>(
            "limits.headers-max",
            Shapes.size(1 << 10, 1 << 20),
            Long.valueOf(HEADS.headersBytesMax()),
            "All header lines of a request together.");
    public static final Key<Duration> CLIENT_IDLE =
            duration("limits.client-idle", CLIENTS.idle(), "How long a connection may stand without a request.");
    public static final Key<Duration> CLIENT_HEAD = duration(
            "limits.client-head", CLIENTS.head(), "How long a request head may take from its first byte to its last.");
    public static final Key<Duration> CLIENT_BODY =
            duration("limits.client-body", CLIENTS.body(), "How long a request body may be silent.");
    public static final Key<Duration> CLIENT_WRITE =
            duration("limits.client-write", CLIENTS.write(), "How long a client may refuse to take more of an answer.");
    public static final Key<Duration> CLIENT_LINGER = duration(
            "limits.client-linger",
            CLIENTS.linger(),
            "How long what is left of a request that is answered already may still come.");
    public static final Key<Integer> CONNECTIONS_MAX = new Key<>(
            "limits.connections-max",
            Shapes.number(1, 10_000_000),
            CLIENTS.connectionsMax(),
            "Connections of all clients together.");
    public static final Key<Integer> CONNECTIONS_PER_NETWORK = new Key<>(
            "limits.connections-per-network",
            Shapes.number(1, 10_000_000),
            CLIENTS.connectionsPerPrefixMax(),
            "Connections of one client network.");
    public static final Key<Integer> NETWORK_V4 = new Key<>(
            "limits.network-v4", Shapes.number(8, 32), CLIENTS.prefixV4(), "Bits that make one IPv4 client network.");
    public static final Key<Integer> NETWORK_V6 = new Key<>(
            "limits.network-v6", Shapes.number(16, 64), CLIENTS.prefixV6(), "Bits that make one IPv6 client network.");

    public static final Key<TlsMode> ORIGIN_TLS = new Key<>(
            "origin.tls",
            Shapes.choice(TlsMode.class),
            ORIGINS.tls(),
            "How origins are spoken to: off and flexible in plain HTTP, full as the visitor, strict with a valid certificate.");
    public static final Key<Optional<Integer>> ORIGIN_PORT = new Key<>(
            "origin.port",
            Shapes.maybe(Shapes.number(1, HostPort.PORT_MAX)),
            Optional.empty(),
            "The port of every origin; nothing means the public port that the visitor used.");
    public static final Key<Duration> ORIGIN_CONNECT =
            duration("origin.connect-timeout", ORIGINS.connectTimeout(), "For one address; then 522.");
    public static final Key<Duration> ORIGIN_HANDSHAKE =
            duration("origin.handshake-timeout", ORIGINS.handshakeTimeout(), "For TLS with the origin; then 525.");
    public static final Key<Duration> ORIGIN_READ = duration(
            "origin.read-timeout",
            ORIGINS.readTimeout(),
            "From the request's last byte to the answer's first; then 524.");
    public static final Key<Duration> ORIGIN_SILENCE = duration(
            "origin.silence-timeout", ORIGINS.silenceTimeout(), "Between two pieces of an answer; then it is cut off.");
    public static final Key<Duration> ORIGIN_WRITE = duration(
            "origin.write-timeout",
            ORIGINS.writeTimeout(),
            "How long the origin may refuse to take more of a request; then 524.");
    public static final Key<Duration> ORIGIN_KEEP_ALIVE = duration(
            "origin.keep-alive",
            ORIGINS.keepAlive(),
            "How long an unused connection is kept, unless its origin says less.");
    public static final Key<Integer> ORIGIN_CONNECTIONS = new Key<>(
            "origin.connections-max",
            Shapes.number(1, 100_000),
            ORIGINS.connectionsMax(),
            "Connections to one origin address, for each of the proxy's threads.");
    public static final Key<Integer> ORIGIN_QUEUE = new Key<>(
            "origin.queue-max",
            Shapes.number(0, 1_000_000),
            ORIGINS.queueMax(),
            "Requests that wait for such a connection; then error 1200.");
    public static final Key<Long> ORIGIN_HEADERS = new Key<>(
            "origin.headers-max",
            Shapes.size(1 << 10, 1 << 20),
            Long.valueOf(ORIGINS.headerBytesMax()),
            "All header lines of an answer together.");
    public static final Key<List<Cidr>> ORIGIN_ALLOW = new Key<>(
            "origin.allow",
            Shapes.listOf(Shapes.network(), 0),
            ORIGINS.allow(),
            "Loopback, link-local and own networks that the proxy may connect to all the same.");
    public static final Key<List<Cidr>> ORIGIN_DENY = new Key<>(
            "origin.deny",
            Shapes.listOf(Shapes.network(), 0),
            ORIGINS.deny(),
            "Networks that the proxy never connects to; the cluster's own address is always one.");
    public static final Key<Map<InetAddress, HostPort>> ORIGIN_ADDRESS_MAP = new Key<>(
            "origin.address-map",
            Shapes.mapOf(Shapes.address(), Shapes.hostPort()),
            Map.of(),
            "Origin addresses that are reached somewhere else, for tests and demonstrations.");

    static final List<Key<?>> ALL = List.of(
            THREADS,
            LOOP_TOKEN,
            LOOP_PASSES,
            TRUSTED_PROXIES,
            VIA,
            ACCESS_LOG,
            TARGET_MAX,
            HEADER_MAX,
            HEADERS_MAX,
            CLIENT_IDLE,
            CLIENT_HEAD,
            CLIENT_BODY,
            CLIENT_WRITE,
            CLIENT_LINGER,
            CONNECTIONS_MAX,
            CONNECTIONS_PER_NETWORK,
            NETWORK_V4,
            NETWORK_V6,
            ORIGIN_TLS,
            ORIGIN_PORT,
            ORIGIN_CONNECT,
            ORIGIN_HANDSHAKE,
            ORIGIN_READ,
            ORIGIN_SILENCE,
            ORIGIN_WRITE,
            ORIGIN_KEEP_ALIVE,
            ORIGIN_CONNECTIONS,
            ORIGIN_QUEUE,
            ORIGIN_HEADERS,
            ORIGIN_ALLOW,
            ORIGIN_DENY,
            ORIGIN_ADDRESS_MAP);

    private ProxyKeys() {}

    private static Key<Duration> duration(String path, Duration fallback, String doc) {
        return new Key<>(path, Shapes.duration(Duration.ofMillis(1), Duration.ofDays(1)), fallback, doc);
    }
}
