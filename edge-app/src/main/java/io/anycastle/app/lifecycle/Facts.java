package io.anycastle.app.lifecycle;

import io.anycastle.app.Version;
import io.anycastle.app.api.AdminServer;
import io.anycastle.app.api.NodeFacts;
import io.anycastle.app.api.Readiness;
import io.anycastle.app.cluster.FormatsJson;
import io.anycastle.app.cluster.Membership;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.SteerKeys;
import io.anycastle.app.metrics.NodeMetrics;
import io.anycastle.core.activation.CheckCounters;
import io.anycastle.core.activation.ZoneChecks;
import io.anycastle.core.health.ServingNode;
import io.anycastle.core.health.ServingNodes;
import io.anycastle.core.store.ClusteredStore;
import io.anycastle.core.store.StoreStatus;
import io.anycastle.dns.DnsService;
import io.anycastle.dns.listen.Listeners.Endpoint;
import io.anycastle.proxy.ProxyService;
import io.anycastle.proxy.health.HealthStatus;
import io.anycastle.proxy.origin.OriginStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a node tells about itself; parts appear here as they come up. Any thread. */
final class Facts implements NodeFacts, AutoCloseable {
    private static final int ORIGINS_SHOWN = 1_000;
    private static final String SERVING = "serving";

    private final EdgeConfig config;
    private final ClusteredStore store;
    private final Membership membership;
    private final ServingNodes serving;
    private final long startedNanos = System.nanoTime();
    private volatile @Nullable DnsService dns;
    private volatile @Nullable ProxyService proxy;
    private volatile @Nullable AdminServer admin;
    private volatile @Nullable OutboundDns outside;
    private volatile @Nullable ZoneChecks checks;
    private final CheckCounters checkCounters = new CheckCounters();
    private volatile boolean isWarmingUp;
    private volatile boolean isDraining;
    private @Nullable NodeMetrics metrics;

    Facts(EdgeConfig config, ClusteredStore store, Membership membership, ServingNodes serving) {
        this.config = config;
        this.serving = serving;
        this.store = store;
        store.applicationFacts(this::forOthers);
        this.membership = membership;
    }

    void dnsIsUp(DnsService service) {
        dns = service;
    }

    void proxyIsUp(ProxyService service) {
        proxy = service;
    }

    void outsideIsUp(OutboundDns way) {
        outside = way;
    }

    void checksAreUp(ZoneChecks started) {
        checks = started;
    }

    CheckCounters checkCounters() {
        return checkCounters;
    }

    void adminIsUp(AdminServer server) {
        admin = server;
    }

    /** Whether nobody is to be sent here yet since what has started will be faster soon; all parts serve. */
    void warmingUp(boolean itIs) {
        isWarmingUp = itIs;
    }

    /** Nobody is to be sent here any more; all parts serve on. */
    void draining() {
        isDraining = true;
    }

    @Override
    public Readiness readiness() {
        DnsService answering = dns;
        return new Readiness(
                answering != null && answering.isAnswering(),
                proxy != null,
                store.takesChanges(),
                !isWarmingUp,
                waitsFor());
    }

    private Optional<String> waitsFor() {
        if (isDraining) {
            return Optional.of("its end: the node is told to stop");
        }
        return store.isFirstComparisonPending()
                ? Optional.of("its first comparison with another node")
                : Optional.empty();
    }

    @Override
    public JsonObject status() {
        StoreStatus status = store.status();
        return new JsonObject()
                .put("id", status.nodeId())
                .put("colo", config.value(Keys.COLO))
                .put("version", Version.TEXT)
                .put("uptime_seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos))
                .put("state", state())
                .put("ready", readiness().isReady())
                .put("waits_for", readiness().waits().orElse(null))
                .put("writes", readiness().takesChanges())
                .put("listeners", listeners())
                .put("flooded_zones", floodedZones())
                .put("origins", origins())
                .put("health_checks", healthChecks())
                .put("edge", edge())
                .put("store", json(status))
                .put("zone_checks", zoneChecks())
                .put("cluster", membership.status());
    }

    /** Whether zones are checked, whether by this node, and how many. */
    private JsonObject zoneChecks() {
        ZoneChecks now = checks;
        return new JsonObject()
                .put("on", now != null && now.rules().isOn())
                .put("leading", store.isLeading())
                .put("zones", now == null ? 0 : now.waiting() + now.running())
                .put("running", now == null ? 0 : now.running());
    }

    /** What proxied names answer, and whose addresses these are. */
    private JsonObject edge() {
        JsonObject edge = new JsonObject()
                .put("answer", config.value(SteerKeys.ANSWER).name().toLowerCase(Locale.ROOT))
                .put("addresses", addresses())
                .put("dns_only", store.view().get().account().dnsOnly());
        return config.value(SteerKeys.ANSWER) == SteerKeys.Answer.NODES
                ? edge.put(
                        "serving",
                        new JsonArray(
                                serving.get().stream().map(ServingNode::id).toList()))
                : edge;
    }

    private JsonArray addresses() {
        JsonArray addresses = new JsonArray();
        config.edgeAddresses().forEach(address -> addresses.add(HostPort.text(address)));
        return addresses;
    }

    /** What the other nodes show of this one. */
    String forOthers() {
        return new JsonObject()
                .put("colo", config.value(Keys.COLO))
                .put("version", Version.TEXT)
                .put("uptime_seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos))
                .put("state", state())
                .put("edge_addresses", addresses())
                .mergeIn(NodeHealth.told(config.value(SteerKeys.WEIGHT), config.value(SteerKeys.LOCATION)))
                .put("formats", FormatsJson.ours())
                .encode();
    }

    /** Whether visitors are sent here. */
    boolean isServing() {
        return SERVING.equals(state());
    }

    private String state() {
        if (isDraining) {
            return "draining";
        }
        DnsService up = dns;
        if (up != null && !up.isAnswering()) {
            return "failing";
        }
        return readiness().isReady() && store.status().joined() ? SERVING : "joining";
    }

    private static JsonObject json(StoreStatus status) {
        return new JsonObject()
                .put("joined", status.joined())
                .put("members", status.members())
                .put("zones", status.zones())
                .put("records", status.records())
                .put("journal_bytes", status.journalBytes())
                .put("digest", HexFormat.of().toHexDigits(status.digest()))
                .put("map_backlog", status.mapBacklog())
                .put("last_error", status.lastError().orElse(null));
    }

    private JsonArray listeners() {
        JsonArray listeners = new JsonArray();
        AdminServer adminNow = admin;
        if (adminNow != null) {
            adminNow.addresses().forEach(address -> listeners.add(listener("admin", text(address), "vertx")));
        }
        DnsService dnsNow = dns;
        if (dnsNow != null) {
            dnsNow.listeners().forEach(listener -> listeners.add(listener(listener)));
        }
        ProxyService proxyNow = proxy;
        if (proxyNow != null) {
            proxyNow.listeners()
                    .forEach(listener -> listeners.add(listener(
                                    listener.scheme(),
                                    text(new InetSocketAddress(listener.address(), listener.port())),
                                    "vertx")
                            .put("public_port", listener.publicPort())));
        }
        return listeners;
    }

    private JsonArray floodedZones() {
        DnsService now = dns;
        JsonArray zones = new JsonArray();
        if (now != null) {
            now.floodedZones()
                    .forEach(zone -> zones.add(new JsonObject()
                            .put("name", zone.name())
                            .put("denials_per_second", zone.denialsPerSecond())
                            .put("names_per_second", zone.namesPerSecond())));
        }
        return zones;
    }

    /** How the origins do of names that have several. */
    private JsonArray origins() {
        ProxyService now = proxy;
        JsonArray origins = new JsonArray();
        if (now != null) {
            now.origins().stream().limit(ORIGINS_SHOWN).map(Facts::origin).forEach(origins::add);
        }
        return origins;
    }

    /** What is found of origins that have health checks. */
    private JsonArray healthChecks() {
        ProxyService now = proxy;
        JsonArray checks = new JsonArray();
        if (now != null) {
            now.healthChecks().stream()
                    .limit(ORIGINS_SHOWN)
                    .map(Facts::healthCheck)
                    .forEach(checks::add);
        }
        return checks;
    }

    private static JsonObject healthCheck(HealthStatus check) {
        JsonObject json = new JsonObject()
                .put("check", check.check())
                .put("state", check.isOut() ? "out" : "in")
                .put("here", check.here())
                .put("age_ms", check.ageMs() < 0 ? null : check.ageMs())
                .put("nodes_up", check.up())
                .put("nodes_down", check.down());
        return check.reason().isEmpty() ? json : json.put("reason", check.reason());
    }

    private static JsonObject origin(OriginStatus origin) {
        JsonObject json = new JsonObject()
                .put("address", origin.address())
                .put("scheme", origin.scheme())
                .put("state", origin.stateText())
                .put("left_ms", origin.leftMs())
                .put("ejections", origin.ejections())
                .put("failures", origin.failures())
                .put("outstanding", origin.outstanding());
        return origin.reason().isEmpty() ? json : json.put("reason", origin.reason());
    }

    private static JsonObject listener(Endpoint dns) {
        JsonObject listener =
                listener("dns/" + dns.transport().name().toLowerCase(Locale.ROOT), text(dns.address()), dns.driver());
        dns.certificate()
                .ifPresent(shown ->
                        listener.put("certificate_expires", shown.expires().toString()));
        return listener;
    }

    private static JsonObject listener(String service, String address, String driver) {
        return new JsonObject().put("service", service).put("address", address).put("driver", driver);
    }

    static String text(InetSocketAddress address) {
        return HostPort.text(address.getAddress()) + ":" + address.getPort();
    }

    @Override
    public synchronized String metrics() {
        NodeMetrics made = metrics;
        if (made == null) {
            made = new NodeMetrics(new NodeMetrics.Sources(
                    this::dnsCounts,
                    this::proxyCounts,
                    () -> store.counters().all(),
                    () -> membership.counters().all(),
                    this::outsideCounts,
                    checkCounters::all,
                    store::status,
                    () -> Optional.ofNullable(dns).flatMap(DnsService::certificateExpires),
                    Version.TEXT));
            metrics = made;
        }
        return made.text();
    }

    private Map<String, Long> dnsCounts() {
        DnsService now = dns;
        return now == null ? Map.of() : now.counters().read();
    }

    private Map<String, Long> outsideCounts() {
        OutboundDns now = outside;
        return now == null ? Map.of() : now.counts();
    }

    private Map<String, Long> proxyCounts() {
        ProxyService now = proxy;
        return now == null ? Map.of() : now.counters().all();
    }

    @Override
    public synchronized void close() {
        if (metrics != null) {
            metrics.close();
        }
    }
}
