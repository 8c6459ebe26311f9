package io.anycastle.proxy;

import io.anycastle.core.geo.GeoConfig;
import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.model.Cidr;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.core.resolve.Resolver;
import io.anycastle.core.view.CurrentView;
import io.anycastle.proxy.health.HealthConfig;
import io.anycastle.proxy.health.HealthPeers;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ClientRates;
import io.anycastle.proxy.listen.HeadLimits;
import io.anycastle.proxy.listen.Http2Limits;
import io.anycastle.proxy.listen.Http3Limits;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.log.LogTail;
import io.anycastle.proxy.origin.AddressMapping;
import io.anycastle.proxy.origin.EjectionConfig;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.RetryConfig;
import io.anycastle.proxy.origin.SealedKeys;
import io.anycastle.proxy.reply.ReplyConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A proxy on loopback for tests: zones are told to it, origins are mapped to local ports. */
public final class Edge implements AutoCloseable {
    private final Vertx vertx;
    private final CurrentView view = new CurrentView();
    private final Map<String, List<InetAddress>> foreign = new ConcurrentHashMap<>();
    private final List<AddressMapping> mappings = new ArrayList<>();
    private List<ListenerConfig> listeners = List.of(ListenerConfig.plain("127.0.0.1", 0));
    private List<Cidr> allow = List.of(Cidr.of("127.0.0.0/8"));
    private List<InetAddress> edgeAddresses = List.of();
    private TrustedPeers trusted = TrustedPeers.NOBODY;
    private ClientLimits clients = ClientLimits.DEFAULTS;
    private ClientRates rates = ClientRates.DEFAULTS;
    private OriginConfig timing = OriginConfig.DEFAULTS;
    private OriginTlsMode tls = OriginTlsMode.FULL;
    private EjectionConfig ejection = EjectionConfig.DEFAULTS;
    private RetryConfig retry = RetryConfig.DEFAULTS;
    private int threads = 1;
    private int poolMax = 100;
    private int queueMax = 100;
    private GeoConfig geo = GeoConfig.NONE;
    private Duration queueTimeout = Duration.ofSeconds(30);
    private ViaMode via = ViaMode.OFF;
    private AccessLogConfig accessLog = AccessLogConfig.DEFAULTS;
    private Http2Limits http2 = Http2Limits.DEFAULTS;
    private Http3Limits http3 = Http3Limits.DEFAULTS;
    private BodyLimits bodies = BodyLimits.DEFAULTS;
    private ReplyConfig reply = ReplyConfig.DEFAULTS;
    private SealedKeys keys = SealedKeys.NONE;
    private HealthConfig health = HealthConfig.DEFAULTS;
    private HealthPeers peers = HealthPeers.NONE;
    private final UnhealthyAddresses unhealthy = new UnhealthyAddresses();
    private @Nullable ProxyService service;

    private Edge(Vertx vertx) {
        this.vertx = vertx;
    }

    public static Edge edge() {
        return new Edge(Vertx.vertx());
    }

    /** One with the sockets that the node has where it can. */
    public static Edge onNativeTransport() {
        return new Edge(Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)));
    }

    public Edge site(String zone, String... lines) {
        Site.show(view, zone, lines);
        return this;
    }

    /** Connections to the address go to a port of this machine. */
    public Edge origin(String address, int port) {
        return origin(address, "127.0.0.1", port);
    }

    /** Connections to the address go to this machine, to the port that they are meant for. */
    public Edge here(String address) {
        mappings.add(new AddressMapping(
                InetAddress.ofLiteral(address), InetAddress.getLoopbackAddress(), OptionalInt.empty()));
        return this;
    }

    public Edge origin(String address, String to, int port) {
        mappings.add(
                new AddressMapping(InetAddress.ofLiteral(address), InetAddress.ofLiteral(to), OptionalInt.of(port)));
        return this;
    }

    public Edge foreign(String name, String... addresses) {
        foreign.put(name, Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
        return this;
    }

    public Edge listeners(ListenerConfig... configs) {
        listeners = List.of(configs);
        return this;
    }

    public Edge allow(String... networks) {
        allow = Arrays.stream(networks).map(Cidr::of).toList();
        return this;
    }

    public Edge edgeAddresses(String... addresses) {
        edgeAddresses = Arrays.stream(addresses).map(InetAddress::ofLiteral).toList();
        return this;
    }

    public Edge trusted(String... networks) {
        trusted = new TrustedPeers(networks(networks), trusted.field(), trusted.proxyProtocol());
        return this;
    }

    /** The proxies that are trusted name their clients in Forwarded. */
    public Edge namingClientsInForwarded() {
        trusted = new TrustedPeers(trusted.proxies(), TrustedPeers.ClientField.FORWARDED, trusted.proxyProtocol());
        return this;
    }

    public Edge proxyProtocolFrom(String... networks) {
        trusted = new TrustedPeers(trusted.proxies(), trusted.field(), networks(networks));
        return this;
    }

    private static List<Cidr> networks(String... texts) {
        return Arrays.stream(texts).map(Cidr::of).toList();
    }

    public Edge clients(ClientLimits limits) {
        clients = limits;
        return this;
    }

    public Edge rates(ClientRates limits) {
        rates = limits;
        return this;
    }

    public Edge http2(Http2Limits limits) {
        http2 = limits;
        return this;
    }

    public Edge http3(Http3Limits limits) {
        http3 = limits;
        return this;
    }

    public Edge requestBytesMax(long octets) {
        bodies = new BodyLimits(octets, bodies.rateMin());
        return this;
    }

    public Edge bodyRateMin(int bytesPerSecond) {
        bodies = new BodyLimits(bodies.bytesMax(), bytesPerSecond);
        return this;
    }

    public Edge reply(ReplyConfig config) {
        reply = config;
        return this;
    }

    public Edge tls(OriginTlsMode mode) {
        tls = mode;
        return this;
    }

    public Edge threads(int count) {
        threads = count;
        return this;
    }

    /** How long a request waits for a connection. */
    public Edge queueTimeout(Duration limit) {
        queueTimeout = limit;
        return this;
    }

    public Edge pool(int connections, int queue) {
        poolMax = connections;
        queueMax = queue;
        return this;
    }

    public Edge geo(GeoConfig config) {
        geo = config;
        return this;
    }

    /** When one of several origins is taken out. */
    public Edge ejection(EjectionConfig config) {
        ejection = config;
        return this;
    }

    /** When another of several origins is asked. */
    public Edge retry(RetryConfig config) {
        retry = config;
        return this;
    }

    public Edge via(ViaMode mode) {
        via = mode;
        return this;
    }

    public Edge accessLog(AccessLogConfig config) {
        accessLog = config;
        return this;
    }

    public Edge keys(SealedKeys opener) {
        keys = opener;
        return this;
    }

    public Edge health(HealthConfig config) {
        health = config;
        return this;
    }

    /** What other nodes tell of their health checks. */
    public Edge peers(HealthPeers others) {
        peers = others;
        return this;
    }

    /** The addresses that DNS does not answer. */
    public UnhealthyAddresses unhealthy() {
        return unhealthy;
    }

    /** The origin's deadlines: connect, read, silence, write. */
    public Edge originTimes(Duration connect, Duration read, Duration silence, Duration write) {
        timing = new OriginConfig(
                timing.tls(),
                timing.port(),
                connect,
                timing.attemptDelay(),
                timing.handshakeTimeout(),
                read,
                silence,
                write,
                timing.keepAlive(),
                1,
                1,
                timing.queueTimeout(),
                timing.headerBytesMax(),
                timing.http2(),
                timing.balance(),
                timing.ejection(),
                timing.retry(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        return this;
    }

    public ProxyConfig config() {
        OriginConfig origins = new OriginConfig(
                tls,
                OptionalInt.empty(),
                timing.connectTimeout(),
                timing.attemptDelay(),
                timing.handshakeTimeout(),
                timing.readTimeout(),
                timing.silenceTimeout(),
                timing.writeTimeout(),
                timing.keepAlive(),
                poolMax,
                queueMax,
                queueTimeout,
                timing.headerBytesMax(),
                timing.http2(),
                timing.balance(),
                ejection,
                retry,
                allow,
                List.of(),
                mappings,
                edgeAddresses);
        return new ProxyConfig(
                listeners,
                ZonePorts.DEFAULTS,
                threads,
                "TST",
                "node-1",
                "anycastle",
                3,
                trusted,
                geo,
                via,
                accessLog,
                HeadLimits.DEFAULTS,
                clients,
                rates,
                http2,
                http3,
                bodies,
                reply,
                origins,
                health);
    }

    public Edge start() throws Exception {
        Resolver resolver = name -> addressesOf(name);
        var sources = new ProxyService.Sources(
                view, resolver, new LogTail(config().accessLog().tail()), keys, unhealthy, peers);
        service = ProxyService.start(vertx, config(), sources)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return this;
    }

    private CompletableFuture<List<InetAddress>> addressesOf(DomainName name) {
        List<InetAddress> addresses = foreign.get(name.toString());
        return addresses == null
                ? CompletableFuture.failedFuture(new UnknownHostException(name.toString()))
                : CompletableFuture.completedFuture(addresses);
    }

    public int port() {
        return service().listeners().getFirst().port();
    }

    public ProxyService service() {
        return Objects.requireNonNull(service, "started");
    }

    public CurrentView view() {
        return view;
    }

    public ProxyCounters counters() {
        return service().counters();
    }

    public RawClient client() throws IOException {
        return new RawClient(port());
    }

    @Override
    public void close() {
        Future<Void> closed = service == null ? Future.succeededFuture() : service.close();
        closed.transform(over -> vertx.close())
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
