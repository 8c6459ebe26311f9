package io.anycastle.app.lifecycle;

import io.anycastle.app.cluster.Membership;
import io.anycastle.app.config.AccessLogKeys;
import io.anycastle.app.config.CheckKeys;
import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.CompressionKeys;
import io.anycastle.app.config.DnsGuardKeys;
import io.anycastle.app.config.DnsHttpsKeys;
import io.anycastle.app.config.DnsIdentityKeys;
import io.anycastle.app.config.DnsKeys;
import io.anycastle.app.config.DnsTlsKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.FlattenKeys;
import io.anycastle.app.config.GeoKeys;
import io.anycastle.app.config.HealthKeys;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.Http3Keys;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ListenerAddress;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.app.config.ResolverKeys;
import io.anycastle.app.config.SeveralOriginsKeys;
import io.anycastle.app.config.SteerKeys;
import io.anycastle.core.activation.CheckRules;
import io.anycastle.core.activation.CheckSchedule;
import io.anycastle.core.activation.ZoneChecks;
import io.anycastle.core.geo.GeoConfig;
import io.anycastle.core.health.ServingNodes;
import io.anycastle.core.limit.Networks;
import io.anycastle.core.model.Cidr;
import io.anycastle.core.resolve.ResolveConfig;
import io.anycastle.core.store.StoreConfig;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.HttpsConfig;
import io.anycastle.dns.IdentityConfig;
import io.anycastle.dns.PartialSuffix;
import io.anycastle.dns.TcpConfig;
import io.anycastle.dns.TlsConfig;
import io.anycastle.dns.UdpConfig;
import io.anycastle.dns.flatten.FlattenConfig;
import io.anycastle.dns.guard.CookieConfig;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.RandomLabelConfig;
import io.anycastle.dns.guard.RateLimitConfig;
import io.anycastle.dns.steer.CurrentSteering;
import io.anycastle.dns.steer.SteerConfig;
import io.anycastle.proxy.BodyLimits;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.TrustedPeers;
import io.anycastle.proxy.ZonePorts;
import io.anycastle.proxy.coding.CompressionConfig;
import io.anycastle.proxy.health.HealthConfig;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ClientRates;
import io.anycastle.proxy.listen.HeadLimits;
import io.anycastle.proxy.listen.Http2Limits;
import io.anycastle.proxy.listen.Http3Limits;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.listen.TlsFiles;
import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.log.TailConfig;
import io.anycastle.proxy.origin.AddressMapping;
import io.anycastle.proxy.origin.EjectionConfig;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.OriginHttp2;
import io.anycastle.proxy.origin.RetryConfig;
import io.anycastle.proxy.reply.ReplyConfig;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Hands each service its part of the configuration. */
final class Sections {
    private final EdgeConfig config;

    Sections(EdgeConfig config) {
        this.config = config;
    }

    ZoneRules zoneRules() {
        return new ZoneRules(
                config.edgeAddresses(),
                config.value(Keys.NAME_SERVERS),
                !isChecking(),
                config.value(Keys.TTL_MIN),
                config.value(Keys.TTL_MAX),
                config.value(CheckKeys.PARTIAL_SUFFIX));
    }

    private boolean isChecking() {
        return config.value(CheckKeys.ACTIVATION) == CheckKeys.Activation.CHECK;
    }

    CheckRules checkRules() {
        CheckSchedule schedule = new CheckSchedule(
                config.value(CheckKeys.FIRST),
                config.value(CheckKeys.GAP_MAX),
                config.value(CheckKeys.INTERVAL),
                config.value(CheckKeys.RETRY),
                config.value(CheckKeys.FAILURES_MAX),
                config.value(CheckKeys.AGAIN),
                config.value(CheckKeys.DELETE_PENDING),
                config.value(CheckKeys.DELETE_MOVED));
        return new CheckRules(
                isChecking(), schedule, config.value(CheckKeys.VERIFY_LABELS), config.value(CheckKeys.PARTIAL_SUFFIX));
    }

    ZoneChecks.Limits checkLimits() {
        return new ZoneChecks.Limits(config.value(CheckKeys.ZONES_MAX), config.value(CheckKeys.TIMEOUT));
    }

    /** @param membership stands between the store and other nodes in tunnel mode */
    StoreConfig store(Membership membership) {
        ClusterKeys.Mode mode = config.value(ClusterKeys.MODE);
        boolean isTunnel = mode == ClusterKeys.Mode.TUNNEL;
        return new StoreConfig(
                config.value(Keys.DATA),
                membership.id().or(() -> config.value(Keys.NODE_ID)),
                membership.cluster().orElse(config.value(ClusterKeys.NAME)),
                isTunnel ? membership.bound().getAddress() : config.value(ClusterKeys.BIND),
                isTunnel ? membership.bound().getPort() : config.value(ClusterKeys.PORT),
                mode == ClusterKeys.Mode.PLAIN
                        ? config.value(ClusterKeys.MEMBERS).stream()
                                .map(HostPort::toString)
                                .toList()
                        : List.of(),
                config.value(ClusterKeys.BACKUPS),
                present(config.value(ClusterKeys.CLIENT_PORT)),
                config.value(ClusterKeys.WRITE_TIMEOUT),
                config.value(ClusterKeys.HEARTBEAT),
                config.value(ClusterKeys.LOG_MAX),
                config.value(ClusterKeys.ENTRY_MAX),
                config.value(ClusterKeys.TOMBSTONES),
                config.value(ClusterKeys.CLOCK_DRIFT),
                config.value(ClusterKeys.ATTEMPTS),
                config.value(ClusterKeys.RESTART_DELAY),
                isTunnel ? Optional.of(membership) : Optional.empty(),
                new StoreConfig.Replicating(
                        present(config.value(ClusterKeys.WRITE_QUORUM)),
                        config.value(ClusterKeys.COMPARE_INTERVAL),
                        config.value(ClusterKeys.ORDER_WAIT),
                        config.value(ClusterKeys.PEER_TIMEOUT),
                        config.value(ClusterKeys.CONFLICTS_MAX),
                        config.value(ClusterKeys.THREADS),
                        config.value(ClusterKeys.MIGRATIONS_MAX),
                        config.value(ClusterKeys.CONNECT),
                        config.value(ClusterKeys.JOIN),
                        config.value(ClusterKeys.MERGE_INTERVAL),
                        config.value(ClusterKeys.CLOCK_WARNING)));
    }

    private static OptionalInt present(Optional<Integer> number) {
        return number.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    FlattenConfig flatten() {
        return new FlattenConfig(
                config.value(FlattenKeys.TTL_MIN),
                config.value(FlattenKeys.TTL_MAX),
                config.value(FlattenKeys.RETRY_MIN),
                config.value(FlattenKeys.RETRY_MAX),
                config.value(FlattenKeys.LOOKUPS_MAX),
                config.value(FlattenKeys.NAMES_MAX),
                Optional.of(config.value(Keys.DATA).resolve("known-addresses")));
    }

    ResolveConfig resolver() {
        return new ResolveConfig(
                config.value(ResolverKeys.SERVERS).stream()
                        .map(HostPort::socket)
                        .toList(),
                config.value(ResolverKeys.TIMEOUT),
                config.value(ResolverKeys.ATTEMPTS),
                config.value(ResolverKeys.DEADLINE),
                config.value(ResolverKeys.QUESTIONS_MAX),
                config.value(ResolverKeys.ANSWER_MAX),
                config.value(ResolverKeys.RECORDS_MAX),
                config.value(ResolverKeys.ALIASES_MAX));
    }

    /**
     * @param node this node's name
     * @param membership knows what the nodes of the cluster share
     */
    DnsConfig dns(String node, Membership membership) {
        return new DnsConfig(
                sockets(config.value(DnsKeys.LISTEN)),
                answers(),
                udp(),
                tcp(),
                tls(),
                https(),
                identity(node),
                guard(membership));
    }

    private IdentityConfig identity(String node) {
        return new IdentityConfig(
                node,
                config.value(Keys.COLO),
                config.value(DnsIdentityKeys.SHOWN),
                config.value(DnsIdentityKeys.VERSION),
                config.value(DnsIdentityKeys.WHOAMI));
    }

    private static List<InetSocketAddress> sockets(List<ListenerAddress> listeners) {
        return listeners.stream().map(ListenerAddress::socket).toList();
    }

    AnswerConfig answers() {
        List<Inet4Address> ipv4 = new ArrayList<>();
        List<Inet6Address> ipv6 = new ArrayList<>();
        for (InetAddress address : config.edgeAddresses()) {
            switch (address) {
                case Inet4Address v4 -> ipv4.add(v4);
                case Inet6Address v6 -> ipv6.add(v6);
                default -> throw new IllegalStateException("neither IPv4 nor IPv6: " + address);
            }
        }
        return new AnswerConfig(
                ipv4,
                ipv6,
                config.value(Keys.AUTO_TTL),
                config.value(Keys.PROXIED_TTL),
                config.value(Keys.NAME_SERVER_TTL),
                config.soa(),
                config.value(CheckKeys.PARTIAL_SUFFIX)
                        .map(name -> new PartialSuffix(name, config.value(Keys.NAME_SERVERS))),
                config.value(FlattenKeys.WITHIN_ZONE),
                config.value(Keys.MAIL_TO_ORIGIN));
    }

    /** @throws java.io.UncheckedIOException when the GeoIP file cannot be used */
    CurrentSteering steering(ServingNodes serving) {
        if (config.value(SteerKeys.ANSWER) == SteerKeys.Answer.ANYCAST) {
            return CurrentSteering.anycast(answers());
        }
        SteerConfig steer = new SteerConfig(
                config.value(SteerKeys.NODES_ANSWERED),
                config.value(SteerKeys.TTL),
                config.value(SteerKeys.GEOIP),
                config.value(SteerKeys.GEOIP_CHECK));
        return CurrentSteering.byNodes(answers(), steer, serving);
    }

    private UdpConfig udp() {
        return new UdpConfig(
                config.value(DnsKeys.UDP_DRIVER),
                config.value(DnsKeys.UDP_THREADS).orElse(UdpConfig.DEFAULTS.threads()),
                config.value(DnsKeys.UDP_PAYLOAD_MAX),
                config.value(DnsKeys.UDP_BATCH),
                config.value(DnsKeys.UDP_SOCKET_BUFFER));
    }

    private TcpConfig tcp() {
        return new TcpConfig(
                config.value(DnsKeys.TCP_THREADS).orElse(TcpConfig.DEFAULTS.threads()),
                config.value(DnsKeys.TCP_IDLE),
                config.value(DnsKeys.TCP_IDLE_MIN),
                config.value(DnsKeys.TCP_CONNECTIONS),
                config.value(DnsKeys.TCP_QUERY_MAX),
                config.value(DnsKeys.TCP_WRITE_QUEUE),
                config.value(DnsKeys.TCP_SLOW_MAX),
                config.value(DnsKeys.TCP_TURN));
    }

    private TlsConfig tls() {
        return new TlsConfig(
                sockets(config.dnsTlsListen()),
                config.dnsCertificate(),
                config.value(DnsTlsKeys.RELOAD),
                config.value(DnsTlsKeys.HANDSHAKE),
                config.value(DnsTlsKeys.CONNECTIONS));
    }

    private HttpsConfig https() {
        return new HttpsConfig(
                sockets(config.dnsHttpsListen()),
                sockets(config.value(DnsHttpsKeys.CLEARTEXT_LISTEN)),
                config.value(DnsHttpsKeys.PATH),
                config.value(DnsHttpsKeys.STREAMS));
    }

    private GuardConfig guard(Membership membership) {
        Networks networks = new Networks(
                config.value(DnsGuardKeys.IPV4_PREFIX),
                config.value(DnsGuardKeys.IPV6_PREFIX),
                config.value(DnsGuardKeys.EXEMPT));
        RateLimitConfig rates = new RateLimitConfig(
                config.value(DnsGuardKeys.RATE_LIMIT),
                config.value(DnsGuardKeys.DRY_RUN),
                config.value(DnsGuardKeys.ANSWERS),
                config.value(DnsGuardKeys.NEGATIVES),
                config.value(DnsGuardKeys.REFERRALS),
                config.value(DnsGuardKeys.ERRORS),
                config.value(DnsGuardKeys.ALL_ANSWERS),
                config.value(DnsGuardKeys.WINDOW),
                config.value(DnsGuardKeys.SLIP),
                config.value(DnsGuardKeys.SHORT),
                config.value(DnsGuardKeys.ENTRIES));
        CookieConfig cookies = new CookieConfig(
                config.value(DnsGuardKeys.COOKIES),
                config.value(DnsGuardKeys.COOKIES_REQUIRED),
                config.value(DnsGuardKeys.COOKIE_SECRET),
                config.value(DnsGuardKeys.COOKIE_PREVIOUS_SECRET),
                () -> membership.secretFor("dns.cookies"),
                config.value(DnsGuardKeys.COOKIE_ROLLOVER));
        RandomLabelConfig randomLabels = new RandomLabelConfig(
                config.value(DnsGuardKeys.RANDOM_NAMES),
                config.value(DnsGuardKeys.RANDOM_WINDOW),
                config.value(DnsGuardKeys.RANDOM_LIMIT));
        return new GuardConfig(
                networks,
                rates,
                cookies,
                randomLabels,
                config.value(DnsGuardKeys.TCP_CONNECTIONS),
                config.value(DnsGuardKeys.LOG_INTERVAL));
    }

    /** @param node this node's name in traces */
    ProxyConfig proxy(String node) {
        List<ListenerConfig> listeners = new ArrayList<>();
        config.value(Keys.HTTP_LISTEN).forEach(at -> listeners.add(listener(at, Optional.empty())));
        Optional<TlsFiles> tls = tlsFiles();
        config.httpsListen().forEach(at -> listeners.add(listener(at, tls)));
        int threads = config.value(ProxyKeys.THREADS);
        return new ProxyConfig(
                listeners,
                new ZonePorts(config.value(ProxyKeys.HTTP_PORTS), config.value(ProxyKeys.HTTPS_PORTS)),
                threads == 0 ? ProxyConfig.DEFAULTS.threads() : threads,
                config.value(Keys.COLO),
                node,
                config.value(ProxyKeys.LOOP_TOKEN),
                config.value(ProxyKeys.LOOP_PASSES),
                new TrustedPeers(
                        config.value(ProxyKeys.TRUSTED_PROXIES),
                        config.value(ProxyKeys.CLIENT_FIELD),
                        config.value(ProxyKeys.PROXY_PROTOCOL)),
                new GeoConfig(config.value(GeoKeys.COUNTRY), config.value(GeoKeys.ASN), config.value(GeoKeys.CHECK)),
                config.value(ProxyKeys.VIA),
                accessLog(),
                heads(),
                clients(),
                rates(),
                http2(),
                http3(),
                new BodyLimits(
                        config.value(ProxyKeys.BODY_MAX).orElse(BodyLimits.UNLIMITED),
                        config.value(ProxyKeys.BODY_RATE_MIN)),
                new ReplyConfig(
                        compression(),
                        config.value(ProxyKeys.SERVER_TIMING),
                        config.value(ProxyKeys.UNKNOWN_HOST),
                        config.value(ProxyKeys.MAINTENANCE_RETRY_AFTER)),
                origins(),
                health());
    }

    private HealthConfig health() {
        return new HealthConfig(
                config.value(HealthKeys.INTERVAL),
                config.value(HealthKeys.TIMEOUT),
                config.value(HealthKeys.RETRIES),
                config.value(HealthKeys.EXCHANGE),
                config.value(HealthKeys.RUNNING),
                config.value(HealthKeys.CHECKS),
                config.value(HealthKeys.BODY));
    }

    /** What HTTPS is served with; empty where it is not. */
    Optional<TlsFiles> tlsFiles() {
        return config.value(Keys.CERTIFICATE)
                .map(file ->
                        new TlsFiles(file, config.value(Keys.CERTIFICATE_KEY).orElseThrow()));
    }

    private ListenerConfig listener(ListenerAddress listener, Optional<TlsFiles> tls) {
        return new ListenerConfig(
                HostPort.bareText(listener.address()),
                listener.port(),
                OptionalInt.of(listener.publicPort()),
                tls,
                config.value(Keys.HTTP2),
                tls.isPresent() && config.value(Keys.HTTP3));
    }

    private AccessLogConfig accessLog() {
        return new AccessLogConfig(
                config.value(ProxyKeys.ACCESS_LOG),
                config.value(AccessLogKeys.TARGET),
                config.value(AccessLogKeys.FILE).orElse(config.value(Keys.DATA).resolve("access.log")),
                config.value(AccessLogKeys.FILE_MAX),
                config.value(AccessLogKeys.FILES),
                config.value(AccessLogKeys.SYSLOG).map(at -> new InetSocketAddress(at.address(), at.port())),
                config.value(AccessLogKeys.QUEUE),
                config.value(AccessLogKeys.DELAY),
                tail());
    }

    /** How much of the log of requests may be followed. */
    TailConfig tail() {
        return new TailConfig(
                config.value(AccessLogKeys.TAIL_READERS),
                config.value(AccessLogKeys.TAIL_LINES),
                config.value(AccessLogKeys.TAIL_BUFFER));
    }

    private HeadLimits heads() {
        return new HeadLimits(
                config.value(ProxyKeys.TARGET_MAX),
                config.value(ProxyKeys.HEADER_MAX),
                config.value(ProxyKeys.HEADERS_MAX));
    }

    private ClientLimits clients() {
        return new ClientLimits(
                config.value(ProxyKeys.CLIENT_HANDSHAKE),
                config.value(ProxyKeys.CLIENT_IDLE),
                config.value(ProxyKeys.CLIENT_HEAD),
                config.value(ProxyKeys.CLIENT_BODY),
                config.value(ProxyKeys.CLIENT_WRITE),
                config.value(ProxyKeys.CLIENT_LINGER),
                config.value(ProxyKeys.CONNECTIONS_MAX),
                config.value(ProxyKeys.CONNECTIONS_PER_NETWORK),
                config.value(ProxyKeys.NETWORK_V4),
                config.value(ProxyKeys.NETWORK_V6));
    }

    private ClientRates rates() {
        return new ClientRates(
                config.value(ProxyKeys.REQUESTS_PER_NETWORK),
                config.value(ProxyKeys.HEAD_BYTES_PER_NETWORK),
                config.value(ProxyKeys.RATE_BURST),
                config.value(ProxyKeys.RATE_NETWORKS),
                config.value(ProxyKeys.EXEMPT));
    }

    private Http2Limits http2() {
        return new Http2Limits(
                config.value(ProxyKeys.HTTP2_STREAMS),
                config.value(ProxyKeys.HTTP2_STREAM_WINDOW),
                config.value(ProxyKeys.HTTP2_CONNECTION_WINDOW),
                config.value(ProxyKeys.HTTP2_RESETS),
                config.value(ProxyKeys.HTTP2_CONTROL_FRAMES),
                config.value(ProxyKeys.HTTP2_RATE_WINDOW));
    }

    private Http3Limits http3() {
        return new Http3Limits(
                config.value(Http3Keys.STREAMS),
                config.value(Http3Keys.STREAM_WINDOW),
                config.value(Http3Keys.CONNECTION_WINDOW),
                config.value(Http3Keys.RESETS),
                config.value(Http3Keys.RATE_WINDOW),
                config.value(Http3Keys.BROKEN),
                config.value(Http3Keys.HANDSHAKES),
                config.value(Http3Keys.PAYLOAD),
                config.value(Http3Keys.SOCKET_BUFFER),
                config.value(Keys.ALT_SVC_AGE));
    }

    private CompressionConfig compression() {
        return new CompressionConfig(
                config.value(CompressionKeys.CODINGS),
                config.value(CompressionKeys.MORE_TYPES),
                config.value(CompressionKeys.GZIP_LEVEL),
                config.value(CompressionKeys.BR_LEVEL),
                config.value(CompressionKeys.ZSTD_LEVEL),
                config.value(CompressionKeys.GZIP_MIN),
                config.value(CompressionKeys.BR_MIN),
                config.value(CompressionKeys.WINDOW),
                config.value(CompressionKeys.ANSWERS),
                config.value(CompressionKeys.INFLATE_RATIO),
                config.value(CompressionKeys.INFLATE_FREE));
    }

    private OriginConfig origins() {
        List<AddressMapping> mappings = new ArrayList<>();
        config.value(ProxyKeys.ORIGIN_ADDRESS_MAP)
                .forEach((from, to) -> mappings.add(new AddressMapping(from, to.address(), OptionalInt.of(to.port()))));
        return new OriginConfig(
                config.value(ProxyKeys.ORIGIN_TLS),
                present(config.value(ProxyKeys.ORIGIN_PORT)),
                config.value(ProxyKeys.ORIGIN_CONNECT),
                config.value(ProxyKeys.ORIGIN_ATTEMPT_DELAY),
                config.value(ProxyKeys.ORIGIN_HANDSHAKE),
                config.value(ProxyKeys.ORIGIN_READ),
                config.value(ProxyKeys.ORIGIN_SILENCE),
                config.value(ProxyKeys.ORIGIN_WRITE),
                config.value(ProxyKeys.ORIGIN_KEEP_ALIVE),
                config.value(ProxyKeys.ORIGIN_CONNECTIONS),
                config.value(ProxyKeys.ORIGIN_QUEUE),
                config.value(ProxyKeys.ORIGIN_QUEUE_TIMEOUT),
                config.value(ProxyKeys.ORIGIN_HEADERS),
                new OriginHttp2(
                        config.value(ProxyKeys.ORIGIN_HTTP2),
                        config.value(ProxyKeys.ORIGIN_HTTP2_STREAMS),
                        config.value(ProxyKeys.ORIGIN_HTTP2_WINDOW),
                        config.value(ProxyKeys.ORIGIN_HTTP2_CONTROL_FRAMES),
                        config.value(ProxyKeys.ORIGIN_HTTP2_RATE_WINDOW)),
                config.value(SeveralOriginsKeys.BALANCE),
                ejection(),
                retry(),
                config.value(ProxyKeys.ORIGIN_ALLOW),
                denied(),
                mappings,
                List.copyOf(config.edgeAddresses()));
    }

    private EjectionConfig ejection() {
        return new EjectionConfig(
                config.value(SeveralOriginsKeys.FAILURES),
                config.value(SeveralOriginsKeys.GATEWAY_ERRORS),
                config.value(SeveralOriginsKeys.BASE),
                config.value(SeveralOriginsKeys.MAX),
                config.value(SeveralOriginsKeys.JITTER),
                config.value(SeveralOriginsKeys.SHARE),
                config.value(SeveralOriginsKeys.SLOW_RETURN),
                config.value(SeveralOriginsKeys.ORIGINS));
    }

    private RetryConfig retry() {
        return new RetryConfig(
                config.value(SeveralOriginsKeys.RETRIES),
                config.value(SeveralOriginsKeys.BODY_MAX),
                config.value(SeveralOriginsKeys.BODIES_MAX),
                config.value(SeveralOriginsKeys.BUDGET),
                config.value(SeveralOriginsKeys.BUDGET_MIN),
                config.value(SeveralOriginsKeys.WINDOW));
    }

    /** The cluster's address is denied unless it is a loopback one, which the guard refuses by itself and the operator may allow. */
    private List<Cidr> denied() {
        List<Cidr> denied = new ArrayList<>(config.value(ProxyKeys.ORIGIN_DENY));
        InetAddress cluster = config.value(ClusterKeys.BIND);
        if (!cluster.isLoopbackAddress()) {
            denied.add(Cidr.of(HostPort.bareText(cluster)));
        }
        return denied;
    }
}
