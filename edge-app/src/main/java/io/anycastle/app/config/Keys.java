package io.anycastle.app.config;

import io.anycastle.core.model.ClientPorts;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.zonefile.ZoneFileLimits;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.proxy.listen.Http3Limits;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The table of all settings: each key, its range, its default and its meaning stand here and nowhere else. */
public final class Keys {
    /** How much the log says. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    private static final KeyList NODE = new KeyList();
    private static final KeyList PROCESS = new KeyList();
    private static final KeyList ZONES = new KeyList();
    private static final KeyList SOA = new KeyList();
    private static final KeyList HTTP = new KeyList();
    private static final KeyList ADMIN = new KeyList();
    private static final Duration DAY = Duration.ofDays(1);

    public static final Key<Optional<String>> NODE_ID = NODE.optional(
            "node.id",
            Shapes.text("1 to 32 letters, digits and '-'", "[A-Za-z0-9-]{1,32}"),
            "Names this node among the others; without one the first start makes one and keeps it in the data folder.");
    public static final Key<String> COLO = NODE.key(
            "node.colo",
            Shapes.text("2 to 8 letters and digits", "[A-Za-z0-9]{2,8}"),
            "LOC",
            "The site code, shown in CF-Ray and by id.server.");

    public static final Key<Path> DATA = PROCESS.key(
            "data",
            Shapes.path("a folder"),
            Path.of("anycastle-data"),
            "Where the journal and the admin token lie; made when it is not there. Relative to where the node is started.");
    public static final Key<Duration> DRAIN_TIME = PROCESS.key(
            "drain-time",
            Shapes.duration(Duration.ZERO, Duration.ofHours(1)),
            Duration.ofSeconds(5),
            "How long a node that is told to stop serves on, while /readyz and the other nodes' answers send nobody there any more.");
    public static final Key<Duration> STOP_TIMEOUT = PROCESS.key(
            "stop-timeout",
            Shapes.duration(Duration.ZERO, DAY),
            Duration.ofSeconds(10),
            "How long requests in flight may take to end after drain-time, and the cluster to let the node go. Connections without a"
                    + " request are open for a tenth of it more, at most 5s: a request that comes there is answered, with 'Connection: close'.");
    public static final Key<LogLevel> LOG_LEVEL = PROCESS.key(
            "log.level",
            Shapes.choice(LogLevel.class),
            LogLevel.INFO,
            "How much is logged; the environment's ANYCASTLE_LOG beats it.");
    public static final Key<List<InetAddress>> EDGE_ADDRESSES = PROCESS.key(
            "edge.addresses",
            Shapes.listOf(Shapes.hostAddress(), 0),
            List.of(),
            "The anycast addresses that proxied names answer with; an empty list means those of http.listen and https.listen.");

    public static final Key<List<DomainName>> NAME_SERVERS = ZONES.key(
            "zones.name-servers",
            Shapes.listOf(Shapes.domainName(), 1),
            List.of(DomainName.of("ns1.anycastle.invalid"), DomainName.of("ns2.anycastle.invalid")),
            "The names that the apex NS and SOA of new zones answer with; name your own nodes here. 'edge zone set ZONE --name-servers'"
                    + " gives them to a zone that has others.");
    public static final Key<Integer> AUTO_TTL = ZONES.key(
            "zones.auto-ttl", Shapes.number(1, 86_400), 300, "Seconds that the TTL 1 (automatic) stands for.");
    public static final Key<Integer> PROXIED_TTL = ZONES.key(
            "zones.proxied-ttl",
            Shapes.number(1, 604_800),
            AnswerConfig.DEFAULTS.proxiedTtlSeconds(),
            "Seconds that the edge addresses of proxied names are answered with.");
    public static final Key<Boolean> MAIL_TO_ORIGIN = ZONES.key(
            "zones.mail-to-origin",
            Shapes.flag(),
            true,
            "Whether MX and SRV records name proxied hosts by another name that answers the origin's addresses, because the edge takes"
                    + " no mail; anybody can see those addresses then.");
    public static final Key<Integer> TTL_MIN =
            ZONES.key("zones.ttl-min", Shapes.number(0, 86_400), 30, "The lowest TTL of a record in seconds.");
    public static final Key<Integer> TTL_MAX =
            ZONES.key("zones.ttl-max", Shapes.number(60, 604_800), 86_400, "The highest TTL of a record in seconds.");
    public static final Key<Integer> NAME_SERVER_TTL = ZONES.key(
            "zones.name-server-ttl",
            Shapes.number(30, 86_400),
            AnswerConfig.DEFAULTS.nameServerTtlSeconds(),
            "Seconds that the apex NS set is answered with.");

    public static final Key<String> SOA_HOSTMASTER = SOA.key(
            "zones.soa.hostmaster",
            Shapes.text("a label, or a mailbox name with dots", "[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?"),
            AnswerConfig.DEFAULTS.soa().hostmaster(),
            "The mailbox of every SOA: a label below each zone, or with a dot in it a whole mailbox name.");
    public static final Key<Integer> SOA_TTL =
            soa("ttl", 1, 86_400, AnswerConfig.DEFAULTS.soa().ttlSeconds(), "The TTL of the SOA.");
    public static final Key<Integer> SOA_REFRESH =
            soa("refresh", 600, 86_400, AnswerConfig.DEFAULTS.soa().refreshSeconds(), "How often secondaries ask.");
    public static final Key<Integer> SOA_RETRY =
            soa("retry", 600, 3600, AnswerConfig.DEFAULTS.soa().retrySeconds(), "How soon they ask again.");
    public static final Key<Integer> SOA_EXPIRE = soa(
            "expire",
            86_400,
            2_419_200,
            AnswerConfig.DEFAULTS.soa().expireSeconds(),
            "How long they answer without having been told.");
    public static final Key<Integer> SOA_MINIMUM =
            soa("minimum", 60, 86_400, AnswerConfig.DEFAULTS.soa().minimumSeconds(), "How long \"no\" may be cached.");

    public static final Key<List<ListenerAddress>> HTTP_LISTEN = HTTP.key(
            "http.listen",
            ListenerShape.withPublicPort(8080, 80, ClientPorts.HTTP),
            ListenerAddress.loopback(8080, 80),
            "Where the proxy takes HTTP. The public port is what visitors see, and what origins are asked on.");
    public static final Key<Boolean> HTTP2 = HTTP.key(
            "http.http2",
            Shapes.flag(),
            true,
            "Whether visitors may speak HTTP/2: over TLS by ALPN, in plain by prior knowledge (h2c).");
    public static final Key<List<ListenerAddress>> HTTPS_LISTEN = HTTP.key(
            "https.listen",
            ListenerShape.withPublicPort(8443, 443, ClientPorts.HTTPS),
            ListenerAddress.loopback(8443, 443),
            "Where the proxy takes HTTPS, once https.certificate is set.");
    public static final Key<Boolean> HTTP3 = HTTP.key(
            "https.http3",
            Shapes.flag(),
            true,
            "Whether visitors may speak HTTP/3, by QUIC on the UDP ports of the same numbers as those of https.listen.");
    public static final Key<Duration> ALT_SVC_AGE = HTTP.key(
            "https.alt-svc-age",
            Shapes.duration(Duration.ZERO, Duration.ofDays(365)),
            Http3Limits.DEFAULTS.altSvcMaxAge(),
            "How long visitors may remember that HTTP/3 is spoken; 0 tells them nothing of it.");
    public static final Key<Optional<Path>> CERTIFICATE = HTTP.optional(
            "https.certificate", Shapes.path("a PEM file"), "The certificate chain; without it HTTPS is off.");
    public static final Key<Optional<Path>> CERTIFICATE_KEY =
            HTTP.optional("https.key", Shapes.path("a PEM file"), "The certificate's private key.");

    public static final Key<List<ListenerAddress>> ADMIN_LISTEN = ADMIN.key(
            "admin.listen",
            ListenerShape.plain(8053),
            ListenerAddress.loopback(8053, 8053),
            "Where the admin API, metrics and health answer. Plain HTTP: keep it on loopback or a private network.");
    public static final Key<Integer> ADMIN_FAILED_LOGINS = ADMIN.key(
            "admin.failed-logins",
            Shapes.number(1, 1_000_000),
            30,
            "Wrong tokens that one client address may show in a minute before it is told to wait.");
    public static final Key<Long> ADMIN_BODY_MAX =
            ADMIN.key("admin.body-max", Shapes.size(1L << 10, 1L << 30), 16L << 20, "The largest JSON request body.");
    public static final Key<Long> ADMIN_IMPORT_MAX = ADMIN.key(
            "admin.import-max",
            Shapes.size(1L << 10, 64L << 30),
            1L << 30,
            "The largest zone file that can be imported.");
    public static final Key<Long> ADMIN_RESTORE_MAX = ADMIN.key(
            "admin.restore-max",
            Shapes.size(1L << 10, 1L << 40),
            16L << 30,
            "The largest backup that can be restored.");
    public static final Key<Integer> ADMIN_IMPORT_ERRORS = ADMIN.key(
            "admin.import-errors",
            Shapes.number(1, 10_000),
            ZoneFileLimits.DEFAULTS.notesMax(),
            "So many lines of a zone file that cannot be read, warnings about it, and records that break rules are told one by one; the"
                    + " rest is counted.");
    public static final Key<Integer> ADMIN_IMPORT_GENERATED = ADMIN.key(
            "admin.import-generated",
            Shapes.number(0, 10_000_000),
            ZoneFileLimits.DEFAULTS.generatedMax(),
            "How many records all $GENERATE lines of a zone file make together at most.");
    public static final Key<Integer> ADMIN_IMPORT_ENTRY = ADMIN.key(
            "admin.import-entry",
            Shapes.number(1_024, 1_048_576),
            ZoneFileLimits.DEFAULTS.entryCharsMax(),
            "The longest entry of a zone file in characters, all its lines together.");
    public static final Key<Integer> ADMIN_RESTORE_STEP = ADMIN.key(
            "admin.restore-step",
            Shapes.number(100, 10_000_000),
            50_000,
            "A restore changes a zone at once as long as no more than so many records of it differ, else in such steps.");
    public static final Key<Duration> ADMIN_IDLE = ADMIN.key(
            "admin.idle",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            Duration.ofMinutes(2),
            "How long an admin connection may be silent.");

    /** In the order in which they are printed. */
    public static final List<Key<?>> ALL = Stream.of(
                    NODE.all(),
                    SteerKeys.OF_NODE,
                    PROCESS.all(),
                    SteerKeys.OF_EDGE,
                    List.of(CheckKeys.ACTIVATION),
                    ZONES.all(),
                    CheckKeys.PARTIAL,
                    SOA.all(),
                    CheckKeys.CHECK,
                    DnsKeys.ALL,
                    DnsTlsKeys.ALL,
                    DnsHttpsKeys.ALL,
                    DnsIdentityKeys.ALL,
                    DnsGuardKeys.ALL,
                    HTTP.all(),
                    ProxyKeys.ALL,
                    SeveralOriginsKeys.ALL,
                    HealthKeys.ALL,
                    CompressionKeys.ALL,
                    AccessLogKeys.ALL,
                    GeoKeys.ALL,
                    ResolverKeys.ALL,
                    FlattenKeys.ALL,
                    ADMIN.all(),
                    ClusterKeys.ALL)
            .<Key<?>>flatMap(List::stream)
            .toList();

    /** What keys of earlier versions are called now. */
    static final Map<String, String> RENAMED = Map.of(
            "origin.resolvers", ResolverKeys.SERVERS.path(), "origin.resolve-timeout", ResolverKeys.TIMEOUT.path());

    private Keys() {}

    private static Key<Integer> soa(String name, int min, int max, int fallback, String doc) {
        return SOA.key("zones.soa." + name, Shapes.number(min, max), fallback, doc + " Seconds.");
    }
}
