package io.anycastle.app.lifecycle;

import io.anycastle.app.api.AdminConfig;
import io.anycastle.app.api.AdminParts;
import io.anycastle.app.api.AdminServer;
import io.anycastle.app.api.AdminToken;
import io.anycastle.app.api.Reloading;
import io.anycastle.app.cluster.ClusterConfig;
import io.anycastle.app.cluster.Joining;
import io.anycastle.app.cluster.Membership;
import io.anycastle.app.cluster.StoreDocuments;
import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.DnsHttpsKeys;
import io.anycastle.app.config.DnsKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ListenerAddress;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.app.config.ResolverKeys;
import io.anycastle.app.config.SteerKeys;
import io.anycastle.core.activation.CheckCounters;
import io.anycastle.core.activation.ZoneChecks;
import io.anycastle.core.failure.OperatorException;
import io.anycastle.core.health.ServingNodes;
import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.resolve.AddressLookup;
import io.anycastle.core.resolve.DnsClient;
import io.anycastle.core.resolve.LookupCache;
import io.anycastle.core.resolve.Resolver;
import io.anycastle.core.store.ClusteredStore;
import io.anycastle.core.store.change.StoreException;
import io.anycastle.core.view.CurrentTls;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsService;
import io.anycastle.dns.compile.ExternalTargets;
import io.anycastle.dns.flatten.Flattener;
import io.anycastle.dns.steer.CurrentSteering;
import io.anycastle.proxy.ProxyService;
import io.anycastle.proxy.health.HealthPeers;
import io.anycastle.proxy.log.LogTail;
import io.anycastle.proxy.log.TailAnswers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One start of a node: disk, then all listeners at once, DNS first; when anything fails, all problems are told and all is closed. */
final class Start {
    private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

    private final EdgeConfig config;
    private final Optional<String> join;
    private final boolean isWarmingUp;
    private final Sections sections;
    private final List<String> problems = new ArrayList<>();
    private final CurrentTls tls = new CurrentTls();
    private final ServingNodes serving = new ServingNodes(List.of());
    private final UnhealthyAddresses unhealthy = new UnhealthyAddresses();
    private final LogTail tail;
    /** What reloads the node, once there is one. */
    private final AtomicReference<Reloading> reloading = new AtomicReference<>(() -> {
        throw new StartException(List.of("The node is still starting."));
    });

    /**
     * @param join the token of a cluster to join first
     * @param isWarmingUp whether nobody is to be sent here until the caller says that the proxy is warm
     */
    Start(EdgeConfig config, Optional<String> join, boolean isWarmingUp) {
        this.config = config;
        this.join = join;
        this.isWarmingUp = isWarmingUp;
        this.sections = new Sections(config);
        this.tail = new LogTail(sections.tail());
    }

    EdgeNode.Parts run() {
        CompletableFuture<Vertx> vertx = inBackground(Start::vertx);
        tryPorts();
        tryCertificate(vertx);
        Optional<CurrentSteering> steering = steering();
        Optional<AdminToken> token =
                problems.isEmpty() || Files.exists(config.value(Keys.DATA)) ? token() : Optional.empty();
        Optional<Membership> membership =
                token.isPresent() && problems.isEmpty() ? membership(vertx) : Optional.empty();
        Optional<ClusteredStore> store = membership.flatMap(this::store);
        if (token.isEmpty() || membership.isEmpty() || store.isEmpty() || steering.isEmpty()) {
            membership.ifPresent(Membership::close);
            Closing.within(CLOSE_TIME).all(vertx.join().close());
            throw new StartException(problems);
        }
        Facts facts = new Facts(config, store.get(), membership.get(), serving);
        facts.warmingUp(isWarmingUp);
        return serve(new Opened(vertx.join(), store.get(), membership.get(), token.get(), steering.get(), facts));
    }

    /** What is there before any service listens. */
    private record Opened(
            Vertx vertx,
            ClusteredStore store,
            Membership membership,
            AdminToken token,
            CurrentSteering steering,
            Facts facts) {}

    private Optional<CurrentSteering> steering() {
        try {
            return Optional.of(sections.steering(serving));
        } catch (UncheckedIOException e) {
            problems.add(SteerKeys.GEOIP.path() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Membership> membership(CompletableFuture<Vertx> vertx) {
        ClusterConfig cluster = ClusterConfig.of(config);
        try {
            join.ifPresent(text -> problems.addAll(
                    new Joining(vertx.join(), cluster, InstantSource.system()).join(text, config.value(Keys.NODE_ID))));
            if (!problems.isEmpty()) {
                return Optional.empty();
            }
            Membership membership = Membership.load(cluster, InstantSource.system());
            if (membership.isMember()) {
                tryClusterPort(cluster);
            }
            return Optional.of(membership);
        } catch (IOException e) {
            problems.add("data: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void tryClusterPort(ClusterConfig cluster) {
        cluster.listen()
                .flatMap(at -> Ports.tcpProblem(new ListenerAddress(at.address(), at.port(), at.port())))
                .map(problem -> "cluster: " + problem)
                .ifPresent(problems::add);
    }

    /** Vert.x and its classes take as long as reading a journal; they load beside it. */
    private static CompletableFuture<Vertx> inBackground(java.util.function.Supplier<Vertx> work) {
        CompletableFuture<Vertx> made = new CompletableFuture<>();
        Thread.ofPlatform().name("start-vertx").daemon().start(() -> {
            try {
                made.complete(work.get());
            } catch (RuntimeException | Error e) {
                made.completeExceptionally(e);
            }
        });
        return made;
    }

    private static Vertx vertx() {
        return Vertx.vertx(EventLoops.withoutFolder().setPreferNativeTransport(true));
    }

    private Optional<AdminToken> token() {
        Path folder = config.value(Keys.DATA);
        Optional<String> problem = NodeFolder.prepare(folder);
        if (problem.isPresent()) {
            problems.add(problem.get());
            return Optional.empty();
        }
        try {
            return Optional.of(AdminToken.of(folder));
        } catch (IOException e) {
            problems.add("data: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<ClusteredStore> store(Membership membership) {
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    ClusteredStore.openAlone(sections.store(membership), sections.zoneRules(), InstantSource.system()));
        } catch (StoreException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    private EdgeNode.Parts serve(Opened opened) {
        Services services = listen(opened);
        if (services.failures().isEmpty()) {
            return join(opened, services);
        }
        services.failures().forEach(failure -> problems.addAll(sentences(failure)));
        close(opened, services);
        throw new StartException(problems);
    }

    /** What listens, or does not. */
    private record Services(
            Future<DnsService> dns, Future<ProxyService> proxy, Future<AdminServer> admin, OutboundDns outside) {
        List<Throwable> failures() {
            return Stream.of(dns, proxy, admin)
                    .filter(Future::failed)
                    .map(Future::cause)
                    .toList();
        }
    }

    private Services listen(Opened opened) {
        Facts facts = opened.facts();
        ExternalTargets targets = Flattener.targets(sections.flatten());
        Future<DnsService> dns = dns(opened, targets).onSuccess(facts::dnsIsUp);
        // DNS has the machine to itself until it answers; the others take as long again.
        awaitAll(List.of(dns));
        OutboundDns outside = OutboundDns.of(sections.resolver());
        facts.outsideIsUp(outside);
        if (dns.succeeded()) {
            outside.flattens(flattener(opened.store(), outside, targets));
        }
        Future<ProxyService> proxy = proxy(opened, outside)
                .onSuccess(facts::proxyIsUp)
                .onSuccess(this::publishTls)
                .onSuccess(this::tellNodes)
                .onSuccess(service -> opened.store().healthReport(service::healthReport));
        opened.store().tail(new TailAnswers(tail)::answer);
        Future<AdminServer> admin = admin(opened).onSuccess(facts::adminIsUp);
        awaitAll(List.of(proxy, admin));
        return new Services(dns, proxy, admin, outside);
    }

    private Future<DnsService> dns(Opened opened, ExternalTargets targets) {
        ClusteredStore store = opened.store();
        DnsConfig dnsConfig = sections.dns(store.status().nodeId(), opened.membership());
        var sources = new DnsService.Sources(opened.steering(), targets, tls, unhealthy);
        return DnsService.start(opened.vertx(), dnsConfig, store.view(), sources);
    }

    private Future<AdminServer> admin(Opened opened) {
        AdminConfig adminConfig = AdminConfig.of(config, NodeFolder.uploads(config.value(Keys.DATA)));
        AdminParts parts = new AdminParts(
                opened.store(),
                sections.zoneRules(),
                sections.checkRules(),
                opened.token(),
                opened.facts(),
                opened.membership(),
                config.value(ClusterKeys.TOKEN_LIFETIME),
                tail,
                opened.store()::tails,
                () -> reloading.get().reload(),
                InstantSource.system());
        return AdminServer.start(opened.vertx(), adminConfig, parts);
    }

    /** Not before all services listen: the cluster layer's start takes as long as all the rest. */
    private EdgeNode.Parts join(Opened opened, Services services) {
        ClusteredStore store = opened.store();
        store.join();
        opened.membership().start(new StoreDocuments(store), store.status().nodeId());
        NodeHealth health = health(store);
        ZoneChecks checks = checks(store, services.outside(), opened.facts().checkCounters());
        opened.facts().checksAreUp(checks);
        return new EdgeNode.Parts(
                opened.vertx(),
                store,
                opened.membership(),
                checks,
                services.dns().result(),
                services.proxy().result(),
                services.admin().result(),
                opened.token(),
                opened.facts(),
                health,
                services.outside(),
                tls,
                reloading);
    }

    private NodeHealth health(ClusteredStore store) {
        NodeHealth health = new NodeHealth(store::nodes, serving, config.value(SteerKeys.MISSES));
        if (config.value(SteerKeys.ANSWER) == SteerKeys.Answer.NODES) {
            health.start(config.value(SteerKeys.CHECK_INTERVAL));
        }
        return health;
    }

    private static void close(Opened opened, Services services) {
        Closing.within(CLOSE_TIME)
                .all(
                        services.dns().compose(DnsService::close).otherwiseEmpty(),
                        services.proxy().compose(ProxyService::close).otherwiseEmpty(),
                        services.admin().compose(server -> server.close(0)).otherwiseEmpty());
        services.outside().close();
        opened.membership().stopWaiting();
        opened.store().close();
        opened.membership().close();
        Closing.within(CLOSE_TIME).all(opened.vertx().close());
    }

    private void publishTls(ProxyService proxy) {
        tls.publish(
                OfferedTls.of(proxy.listeners(), config.value(ProxyKeys.HTTPS_PORTS), config.value(Keys.CERTIFICATE)));
    }

    private void tellNodes(ProxyService proxy) {
        serving.follow(nodes -> proxy.nodesAnswerAt(
                nodes.stream().flatMap(node -> node.addresses().stream()).collect(Collectors.toSet())));
    }

    private Flattener flattener(ClusteredStore store, OutboundDns outside, ExternalTargets targets) {
        var surroundings = new Flattener.Dependencies(
                store.view(), outside.dnsClient(), InstantSource.system(), sections.answers());
        return Flattener.start(surroundings, sections.flatten(), targets);
    }

    private Future<ProxyService> proxy(Opened opened, OutboundDns outside) {
        DnsClient kept = new LookupCache(
                outside.dnsClient(),
                outside.counters(),
                config.value(ResolverKeys.KEPT_MAX),
                config.value(ResolverKeys.ABSENCE_MAX),
                InstantSource.system());
        boolean isThisMachines = config.value(ResolverKeys.SERVERS).isEmpty();
        Resolver resolver = isThisMachines ? AddressLookup.asThisMachine(kept) : AddressLookup.of(kept);
        ClusteredStore store = opened.store();
        return ProxyService.start(
                opened.vertx(),
                sections.proxy(store.status().nodeId()),
                new ProxyService.Sources(
                        store.view(),
                        resolver,
                        tail,
                        opened.membership().secrets()::open,
                        unhealthy,
                        peers(store, opened.facts())));
    }

    private static HealthPeers peers(ClusteredStore store, Facts facts) {
        return new HealthPeers() {
            @Override
            public Map<String, byte[]> reports() {
                return store.healthReports();
            }

            @Override
            public boolean isServing() {
                return facts.isServing();
            }
        };
    }

    private ZoneChecks checks(ClusteredStore store, OutboundDns outside, CheckCounters counters) {
        var parts = new ZoneChecks.Parts(store, outside.dnsClient(), store.clock(), counters);
        return ZoneChecks.start(parts, sections.checkRules(), sections.checkLimits());
    }

    private static void awaitAll(List<Future<?>> all) {
        Future.join(all)
                .otherwiseEmpty()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static List<String> sentences(Throwable failure) {
        return switch (failure) {
            case OperatorException told -> told.problems();
            default -> List.of(String.valueOf(failure.getMessage() == null ? failure : failure.getMessage()));
        };
    }

    /** Before anything is touched: where a port is busy no folder is made, and every busy port is told. */
    private void tryPorts() {
        for (ListenerAddress listener : config.value(DnsKeys.LISTEN)) {
            Ports.udpProblem(listener).map(problem -> "dns: " + problem).ifPresent(problems::add);
            Ports.tcpProblem(listener).map(problem -> "dns: " + problem).ifPresent(problems::add);
        }
        tryTcp("dns.tls", config.dnsTlsListen());
        tryTcp("dns.https", config.dnsHttpsListen());
        tryTcp("dns.https", config.value(DnsHttpsKeys.CLEARTEXT_LISTEN));
        tryTcp("http", config.value(Keys.HTTP_LISTEN));
        tryTcp("https", config.httpsListen());
        tryTcp("admin", config.value(Keys.ADMIN_LISTEN));
    }

    private void tryCertificate(CompletableFuture<Vertx> vertx) {
        sections.tlsFiles().ifPresent(files -> problems.addAll(files.problems(vertx.join())));
    }

    private void tryTcp(String service, List<ListenerAddress> listeners) {
        for (ListenerAddress listener : listeners) {
            Ports.tcpProblem(listener).map(problem -> service + ": " + problem).ifPresent(problems::add);
        }
    }
}
