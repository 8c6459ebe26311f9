package io.anycastle.app.config;

import io.anycastle.core.model.Cidr;
import io.anycastle.core.model.ClientPorts;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.BodyLimits;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.TrustedPeers.ClientField;
import io.anycastle.proxy.ViaMode;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ClientRates;
import io.anycastle.proxy.listen.HeadLimits;
import io.anycastle.proxy.listen.Http2Limits;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.reply.UnknownHost;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of the table of settings that the proxy reads. */
public final class ProxyKeys {
    private static final KeyList KEYS = new KeyList();
    private static final ProxyConfig PROXY = ProxyConfig.DEFAULTS;
    private static final HeadLimits HEADS = HeadLimits.DEFAULTS;
    private static final ClientLimits CLIENTS = ClientLimits.DEFAULTS;
    private static final ClientRates RATES = ClientRates.DEFAULTS;
    private static final Http2Limits HTTP2 = Http2Limits.DEFAULTS;
    private static final OriginConfig ORIGINS = OriginConfig.DEFAULTS;

    public static final Key<Integer> THREADS = KEYS.key(
            "proxy.threads", Shapes.number(0, 1024), 0, "Event loops that serve requests; 0 means one per processor.");
    public static final Key<Duration> WARM_UP = KEYS.key(
            "proxy.warm-up",
            Shapes.duration(Duration.ZERO, Duration.ofSeconds(10)),
            Duration.ofSeconds(10),
            "How long the proxy of a node that has started asks itself over loopback at most, until the JVM has compiled what requests"
                    + " run through. Its listeners answer meanwhile; /readyz and the other nodes' answers send nobody there before."
                    + " 0 s means not at all.");
    public static final Key<ClientPorts> HTTP_PORTS = KEYS.key(
            "proxy.http-ports",
            Shapes.clientPorts(),
            PROXY.ports().http(),
            "Public ports on which a zone is served over HTTP that says none of its own. Where no HTTP listener has one of them, on all.");
    public static final Key<ClientPorts> HTTPS_PORTS =
            KEYS.key("proxy.https-ports", Shapes.clientPorts(), PROXY.ports().https(), "The same over HTTPS.");
    public static final Key<String> LOOP_TOKEN = KEYS.key(
            "proxy.loop-token",
            Shapes.text("1 to 64 letters, digits and -._", "[A-Za-z0-9._-]{1,64}"),
            PROXY.loopToken(),
            "How this edge names itself in CDN-Loop, to notice requests that go round.");
    public static final Key<Integer> LOOP_PASSES = KEYS.key(
            "proxy.loop-passes-max",
            Shapes.number(0, 100),
            PROXY.loopPassesMax(),
            "How often a request may have passed this edge before.");
    public static final Key<List<Cidr>> TRUSTED_PROXIES = KEYS.key(
            "proxy.trusted-proxies",
            Shapes.listOf(Shapes.network(), 0),
            PROXY.trusted().proxies(),
            "Networks of proxies before the edge that are believed for whom they send a request, and by which scheme.");
    public static final Key<ClientField> CLIENT_FIELD = KEYS.key(
            "proxy.client-field",
            Shapes.choice(ClientField.class),
            PROXY.trusted().field(),
            "Where they say it: in X-Forwarded-For and X-Forwarded-Proto, or in Forwarded (RFC 7239). The other is believed of nobody.");
    public static final Key<List<Cidr>> PROXY_PROTOCOL = KEYS.key(
            "proxy.proxy-protocol",
            Shapes.listOf(Shapes.network(), 0),
            PROXY.trusted().proxyProtocol(),
            "Networks whose connections to http and https begin with a header of the PROXY protocol, version 1 or 2, which says whose"
                    + " they are; a connection without one is closed. Nobody else's header is understood.");
    public static final Key<ViaMode> VIA = KEYS.key(
            "proxy.via",
            Shapes.choice(ViaMode.class),
            PROXY.via(),
            "Where the edge adds itself to Via: nowhere, towards origins, or towards visitors too.");
    public static final Key<Boolean> ACCESS_LOG =
            KEYS.key("proxy.access-log", Shapes.flag(), PROXY.accessLog().isOn(), "Whether each request is logged.");

    public static final Key<UnknownHost> UNKNOWN_HOST = KEYS.key(
            "proxy.unknown-host",
            Shapes.unknownHost(),
            PROXY.reply().unknownHost(),
            "What a request for a host that nobody has, or for an address, is answered: the page that says so, a bare 404, nothing (its"
                    + " connection is closed), or a redirect to a URL.");
    public static final Key<Boolean> SERVER_TIMING = KEYS.key(
            "proxy.server-timing",
            Shapes.flag(),
            PROXY.reply().hasServerTiming(),
            "Whether answers say in Server-Timing what their time went into.");

    public static final Key<Integer> SITE_PAGE_MAX = KEYS.key(
            "proxy.site-page-max",
            Shapes.bytes(1 << 10, 4 << 20),
            128 << 10,
            "The longest page that a zone can show of its own, for an error or while it is down for maintenance.");
    public static final Key<Duration> MAINTENANCE_RETRY_AFTER = KEYS.key(
            "proxy.maintenance-retry-after",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofDays(30)),
            PROXY.reply().maintenanceRetryAfter(),
            "When visitors may try again whom a zone's maintenance keeps out (Retry-After), where the zone does not say.");

    public static final Key<Integer> TARGET_MAX = KEYS.key(
            "limits.target-max", Shapes.bytes(1 << 10, 1 << 20), HEADS.targetBytesMax(), "The longest request target.");
    public static final Key<Integer> HEADER_MAX = KEYS.key(
            "limits.header-max",
            Shapes.bytes(1 << 10, 1 << 20),
            HEADS.headerBytesMax(),
            "The longest header line of a request.");
    public static final Key<Integer> HEADERS_MAX = KEYS.key(
            "limits.headers-max",
            Shapes.bytes(1 << 10, 1 << 20),
            HEADS.headersBytesMax(),
            "All header lines of a request together.");
    public static final Key<Duration> CLIENT_HANDSHAKE = KEYS.timeout(
            "limits.client-handshake",
            CLIENTS.handshake(),
            "How long TLS may take until it is spoken, from the connection on.");
    public static final Key<Optional<Long>> BODY_MAX = KEYS.optional(
            "limits.body-max",
            Shapes.size(0, 1L << 50),
            "The longest body of a request; then 413. Nothing means any length.");
    public static final Key<Integer> BODY_RATE_MIN = KEYS.key(
            "limits.body-rate-min",
            Shapes.bytes(0, 1 << 20),
            BodyLimits.DEFAULTS.rateMin(),
            "How fast the body of a request that tells its length must come in a second, on average over limits.client-body while"
                    + " nothing else is waited for; then 408. 0: as slow as it likes.");
    public static final Key<Duration> CLIENT_IDLE =
            KEYS.timeout("limits.client-idle", CLIENTS.idle(), "How long a connection may stand without a request.");
    public static final Key<Duration> CLIENT_HEAD = KEYS.timeout(
            "limits.client-head", CLIENTS.head(), "How long a request head may take from its first byte to its last.");
    public static final Key<Duration> CLIENT_BODY =
            KEYS.timeout("limits.client-body", CLIENTS.body(), "How long a request body may be silent.");
    public static final Key<Duration> CLIENT_WRITE = KEYS.timeout(
            "limits.client-write", CLIENTS.write(), "How long a client may refuse to take more of an answer.");
    public static final Key<Duration> CLIENT_LINGER = KEYS.timeout(
            "limits.client-linger",
            CLIENTS.linger(),
            "How long what is left of a request that is answered already may still come.");
    public static final Key<Integer> CONNECTIONS_MAX = KEYS.key(
            "limits.connections-max",
            Shapes.number(1, 10_000_000),
            CLIENTS.connectionsMax(),
            "Connections of all clients together.");
    public static final Key<Integer> CONNECTIONS_PER_NETWORK = KEYS.key(
            "limits.connections-per-network",
            Shapes.number(1, 10_000_000),
            CLIENTS.connectionsPerPrefixMax(),
            "Connections of one client network.");
    public static final Key<Integer> REQUESTS_PER_NETWORK = KEYS.key(
            "limits.requests-per-network",
            Shapes.number(0, 1_000_000),
            RATES.requestsMax(),
            "Requests of one client network a second; then 429 with error 1015. 0: any number.");
    public static final Key<Integer> HEAD_BYTES_PER_NETWORK = KEYS.key(
            "limits.head-bytes-per-network",
            Shapes.bytes(0, 1 << 30),
            RATES.headBytesMax(),
            "Bytes of request heads of one client network a second; then the same. 0: any number.");
    public static final Key<Duration> RATE_BURST = KEYS.key(
            "limits.rate-burst",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            RATES.burst(),
            "So much time's worth of these two may come at once.");
    public static final Key<Integer> RATE_NETWORKS = KEYS.key(
            "limits.rate-networks",
            Shapes.number(1 << 10, 1 << 24),
            RATES.networksMax(),
            "Client networks that are kept count of for these two, 16 bytes each; the least busy are forgotten first.");
    public static final Key<List<Cidr>> EXEMPT = KEYS.key(
            "limits.exempt",
            Shapes.listOf(Shapes.network(), 0),
            RATES.exempt(),
            "Networks of clients that no limit of a client network applies to. Of those that proxy.trusted-proxies and proxy.proxy-protocol"
                    + " list, the limits are those of the clients that they name.");
    public static final Key<Integer> NETWORK_V4 = KEYS.key(
            "limits.network-v4", Shapes.number(8, 32), CLIENTS.prefixV4(), "Bits that make one IPv4 client network.");
    public static final Key<Integer> NETWORK_V6 = KEYS.key(
            "limits.network-v6", Shapes.number(16, 64), CLIENTS.prefixV6(), "Bits that make one IPv6 client network.");

    public static final Key<Integer> HTTP2_STREAMS = KEYS.key(
            "limits.http2-streams-max",
            Shapes.number(1, 10_000),
            HTTP2.streamsMax(),
            "Requests of one HTTP/2 connection at the same time.");
    public static final Key<Integer> HTTP2_STREAM_WINDOW = KEYS.key(
            "limits.http2-stream-window",
            Shapes.bytes(64 << 10, 16 << 20),
            HTTP2.streamWindowBytes(),
            "How much of one request's body may come over HTTP/2 before its origin takes it.");
    public static final Key<Integer> HTTP2_CONNECTION_WINDOW = KEYS.key(
            "limits.http2-connection-window",
            Shapes.bytes(64 << 10, 64 << 20),
            HTTP2.connectionWindowBytes(),
            "The same of all requests of one connection together.");
    public static final Key<Integer> HTTP2_RESETS = KEYS.key(
            "limits.http2-resets-max",
            Shapes.number(1, 1_000_000),
            HTTP2.resetsMax(),
            "HTTP/2 requests of one connection that are broken off within limits.http2-rate-window, by the client or because of it; then"
                    + " the connection is ended.");
    public static final Key<Integer> HTTP2_CONTROL_FRAMES = KEYS.key(
            "limits.http2-control-frames-max",
            Shapes.number(10, 1_000_000),
            HTTP2.controlFramesMax(),
            "HTTP/2 frames of one connection within limits.http2-rate-window that ask for work and carry nothing, beyond those that a"
                    + " download explains; then the connection is ended.");
    public static final Key<Duration> HTTP2_RATE_WINDOW = KEYS.key(
            "limits.http2-rate-window",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            HTTP2.window(),
            "The time in which the two are counted.");

    static {
        KEYS.include(Http3Keys.ALL);
    }

    public static final Key<OriginTlsMode> ORIGIN_TLS = KEYS.key(
            "origin.tls",
            Shapes.choice(OriginTlsMode.class),
            ORIGINS.tls(),
            "How origins are spoken to: off and flexible in plain HTTP, full as the visitor, strict the same with a valid certificate,"
                    + " origin_pull always in TLS with a valid certificate. A zone may have a mode of its own.");
    public static final Key<Optional<Integer>> ORIGIN_PORT = KEYS.optional(
            "origin.port",
            Shapes.number(1, HostPort.PORT_MAX),
            "The port of every origin; nothing means the public port that the visitor used.");
    public static final Key<Duration> ORIGIN_CONNECT =
            KEYS.timeout("origin.connect-timeout", ORIGINS.connectTimeout(), "For one address; then 522.");
    public static final Key<Duration> ORIGIN_ATTEMPT_DELAY = KEYS.key(
            "origin.attempt-delay",
            Shapes.duration(Duration.ofMillis(10), Duration.ofSeconds(2)),
            ORIGINS.attemptDelay(),
            "How long an origin's IPv6 or IPv4 address may take to connect before one of the other family is tried beside it (RFC 8305);"
                    + " the first that answers is used.");
    public static final Key<Duration> ORIGIN_HANDSHAKE =
            KEYS.timeout("origin.handshake-timeout", ORIGINS.handshakeTimeout(), "For TLS with the origin; then 525.");
    public static final Key<Duration> ORIGIN_READ = KEYS.timeout(
            "origin.read-timeout",
            ORIGINS.readTimeout(),
            "From the request's last byte to the answer's first; then 524.");
    public static final Key<Duration> ORIGIN_SILENCE = KEYS.timeout(
            "origin.silence-timeout", ORIGINS.silenceTimeout(), "Between two pieces of an answer; then it is cut off.");
    public static final Key<Duration> ORIGIN_WRITE = KEYS.timeout(
            "origin.write-timeout",
            ORIGINS.writeTimeout(),
            "How long the origin may refuse to take more of a request; then 524. Over HTTP/2 also how long it may be silent before it is asked"
                    + " whether it lives, and how long it may take to say so.");
    public static final Key<Duration> ORIGIN_KEEP_ALIVE = KEYS.timeout(
            "origin.keep-alive",
            ORIGINS.keepAlive(),
            "How long an unused connection is kept, unless its origin says less.");
    public static final Key<Integer> ORIGIN_CONNECTIONS = KEYS.key(
            "origin.connections-max",
            Shapes.number(1, 100_000),
            ORIGINS.connectionsMax(),
            "Connections to one origin address, for each of the proxy's threads.");
    public static final Key<Integer> ORIGIN_QUEUE = KEYS.key(
            "origin.queue-max",
            Shapes.number(0, 1_000_000),
            ORIGINS.queueMax(),
            "Requests that wait for such a connection; then error 1200.");
    public static final Key<Duration> ORIGIN_QUEUE_TIMEOUT =
            KEYS.timeout("origin.queue-timeout", ORIGINS.queueTimeout(), "How long they wait; then the same.");
    public static final Key<Integer> ORIGIN_HEADERS = KEYS.key(
            "origin.headers-max",
            Shapes.bytes(1 << 10, 1 << 20),
            ORIGINS.headerBytesMax(),
            "All header lines of an answer together.");
    public static final Key<Boolean> ORIGIN_HTTP2 = KEYS.key(
            "origin.http2",
            Shapes.flag(),
            ORIGINS.http2().isOffered(),
            "Whether origins that speak TLS are offered HTTP/2, by ALPN.");
    public static final Key<Integer> ORIGIN_HTTP2_STREAMS = KEYS.key(
            "origin.http2-streams-max",
            Shapes.number(1, 10_000),
            ORIGINS.http2().streamsMax(),
            "Requests of one HTTP/2 connection to an origin at the same time, where the origin does not allow fewer.");
    public static final Key<Integer> ORIGIN_HTTP2_WINDOW = KEYS.key(
            "origin.http2-stream-window",
            Shapes.bytes(64 << 10, 16 << 20),
            ORIGINS.http2().streamWindowBytes(),
            "How much of one answer may come over HTTP/2 before its visitor takes it.");
    public static final Key<Integer> ORIGIN_HTTP2_CONTROL_FRAMES = KEYS.key(
            "origin.http2-control-frames-max",
            Shapes.number(10, 1_000_000),
            ORIGINS.http2().controlFramesMax(),
            "HTTP/2 frames of one origin connection within origin.http2-rate-window that ask for work and carry nothing, beyond those that"
                    + " requests explain; then the connection is ended.");
    public static final Key<Duration> ORIGIN_HTTP2_RATE_WINDOW = KEYS.key(
            "origin.http2-rate-window",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            ORIGINS.http2().window(),
            "The time in which they are counted.");
    public static final Key<List<Cidr>> ORIGIN_ALLOW = KEYS.key(
            "origin.allow",
            Shapes.listOf(Shapes.network(), 0),
            ORIGINS.allow(),
            "Loopback, link-local and own networks that the proxy may connect to all the same.");
    public static final Key<List<Cidr>> ORIGIN_DENY = KEYS.key(
            "origin.deny",
            Shapes.listOf(Shapes.network(), 0),
            ORIGINS.deny(),
            "Networks that the proxy never connects to; the cluster's own address is always one.");
    public static final Key<Map<InetAddress, HostPort>> ORIGIN_ADDRESS_MAP = KEYS.key(
            "origin.address-map",
            Shapes.mapOf(Shapes.address(), Shapes.hostPort()),
            Map.of(),
            "Origin addresses that are reached somewhere else, for tests and demonstrations.");

    static final List<Key<?>> ALL = KEYS.all();

    private ProxyKeys() {}
}
