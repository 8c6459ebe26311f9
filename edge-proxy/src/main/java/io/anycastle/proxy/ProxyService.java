package io.anycastle.proxy;

import io.anycastle.core.failure.ListenException;
import io.anycastle.core.failure.OperatorException;
import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.resolve.Resolver;
import io.anycastle.core.view.CurrentView;
import io.anycastle.proxy.exchange.ExchangeContext;
import io.anycastle.proxy.exchange.NetworkRates;
import io.anycastle.proxy.exchange.ServedPorts;
import io.anycastle.proxy.health.HealthChecks;
import io.anycastle.proxy.health.HealthPeers;
import io.anycastle.proxy.health.HealthStatus;
import io.anycastle.proxy.listen.ClientLoop;
import io.anycastle.proxy.listen.ConnectionLimiter;
import io.anycastle.proxy.listen.HttpListener;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.listen.ListenerStatus;
import io.anycastle.proxy.listen.TlsFiles;
import io.anycastle.proxy.log.AccessLogWriter;
import io.anycastle.proxy.log.LogTail;
import io.anycastle.proxy.origin.AddressGuard;
import io.anycastle.proxy.origin.OriginAddresses;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.OriginStatus;
import io.anycastle.proxy.origin.OriginTls;
import io.anycastle.proxy.origin.OutlierDetection;
import io.anycastle.proxy.origin.OwnSockets;
import io.anycastle.proxy.origin.SealedKeys;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running proxy. */
public final class ProxyService {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyService.class);

    private static final long LAST_CALL_MAX_MS = 5_000;

    private final Vertx vertx;
    private final Sources sources;
    private final ConnectionLimiter limiter;
    private final ProxyCounters counters;
    private final OriginAddresses addresses;
    private final HealthChecks checks;
    private final OriginTls originTls;
    private final List<ProxyVerticle> verticles = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isChanging = new AtomicBoolean();
    private volatile Rules rules;
    private volatile List<HttpListener> sockets = List.of();
    private volatile List<ListenerStatus> listeners = List.of();
    private volatile Set<InetAddress> nodeAddresses = Set.of();
    private volatile String deployment = "";
    private volatile long geoTimer = -1;

    /** What follows from one configuration. */
    private record Rules(
            ProxyConfig config, Prepared prepared, AddressGuard guard, OutlierDetection health, NetworkRates rates) {
        static Rules of(ProxyConfig config, Prepared prepared, ProxyCounters counters) {
            return new Rules(
                    config,
                    prepared,
                    new AddressGuard(config.origins()),
                    new OutlierDetection(config.origins(), counters, System::nanoTime),
                    new NetworkRates(config.rates(), config.networks()));
        }

        /** The same for another configuration; what is known of origins and networks stays where nothing is said anew about it. */
        Rules next(ProxyConfig other, Prepared made, ProxyCounters counters) {
            Rules fresh = of(other, made, counters);
            OriginConfig origins = config.origins();
            boolean isSameHealth = origins.ejection().equals(other.origins().ejection())
                    && origins.retry().equals(other.origins().retry());
            boolean isSameRates =
                    config.rates().equals(other.rates()) && config.networks().equals(other.networks());
            return new Rules(
                    other, made, fresh.guard, isSameHealth ? health : fresh.health, isSameRates ? rates : fresh.rates);
        }
    }

    private ProxyService(Vertx vertx, ProxyConfig config, Sources sources, Prepared prepared) {
        this.vertx = vertx;
        this.sources = sources;
        limiter = new ConnectionLimiter(config.clients(), config.networks());
        counters = new ProxyCounters(limiter::open);
        addresses = new OriginAddresses(sources.view(), sources.resolver());
        originTls = new OriginTls(sources.keys());
        rules = Rules.of(config, prepared, counters);
        checks = HealthChecks.of(
                vertx,
                config.health(),
                config.origins(),
                rules.guard,
                originTls,
                new HealthChecks.Dependencies(
                        sources.view(), addresses, counters, sources.unhealthy(), sources.peers()));
        counters.countsLogLines(prepared.log());
        counters.countsTail(sources.tail());
    }

    /**
     * Opens all listeners on all event loops; fails with a {@link io.anycastle.core.failure.ListenException} that names every problem, and
     * leaves nothing open then.
     */
    public static Future<ProxyService> start(Vertx vertx, ProxyConfig config, CurrentView view, Resolver resolver) {
        return start(
                vertx,
                config,
                new Sources(
                        view,
                        resolver,
                        new LogTail(config.accessLog().tail()),
                        SealedKeys.NONE,
                        new UnhealthyAddresses(),
                        HealthPeers.NONE));
    }

    /**
     * What the proxy stands on.
     *
     * @param tail those who follow its log; it ends with the proxy
     * @param unhealthy where addresses go that health checks take out of DNS answers
     */
    public record Sources(
            CurrentView view,
            Resolver resolver,
            LogTail tail,
            SealedKeys keys,
            UnhealthyAddresses unhealthy,
            HealthPeers peers) {}

    /** The same, with more of what it stands on. */
    public static Future<ProxyService> start(Vertx vertx, ProxyConfig config, Sources sources) {
        return loaded(vertx, config, sources.keys()).compose(prepared -> start(vertx, config, sources, prepared));
    }

    /** The same, with what takes long to make; its log is the service's from now on. */
    static Future<ProxyService> start(Vertx vertx, ProxyConfig config, Sources sources, Prepared prepared) {
        return new ProxyService(vertx, config, sources, prepared)
                .deploy()
                .compose(ProxyService::open)
                .onFailure(failure -> closeLog(vertx, prepared));
    }

    /**
     * Has the JVM compile what requests run through, beside the requests that come.
     *
     * @param time how long at most; it ends sooner where the JVM has compiled all of it
     */
    public WarmUp warmUp(Duration time) {
        Rules now = rules;
        return WarmUp.start(now.config, now.prepared, time);
    }

    private Future<ProxyService> deploy() {
        return vertx.deployVerticle(
                        () -> {
                            ProxyVerticle verticle = new ProxyVerticle(counters, shared(rules));
                            verticles.add(verticle);
                            return verticle;
                        },
                        new DeploymentOptions().setInstances(rules.config.threads()))
                .map(id -> {
                    deployment = id;
                    return this;
                });
    }

    private ProxyVerticle.Shared shared(Rules by) {
        return new ProxyVerticle.Shared(
                by.config,
                by.prepared,
                (origins, encoders, log) -> new ExchangeContext(
                        by.config,
                        counters,
                        sources.view(),
                        addresses,
                        by.guard,
                        by.health,
                        checks,
                        by.prepared.geo(),
                        by.rates,
                        origins,
                        encoders,
                        log,
                        sources.tail()));
    }

    /** Opens all listeners, or none. */
    private Future<ProxyService> open() {
        return opened(rules.config)
                .recover(failure -> vertx.undeploy(deployment).transform(undeployed -> Future.failedFuture(failure)))
                .compose(plan -> vertx.executeBlocking(() -> {
                    isOpen(rules, plan.listeners);
                    checks.start();
                    return this;
                }));
    }

    private void isOpen(Rules by, List<HttpListener> open) {
        sockets = open;
        listeners = status(by.config, open);
        by.guard.listensOn(OwnSockets.of(listeners));
        tellOfPorts(by.config);
        vertx.cancelTimer(geoTimer);
        long geoCheckMs = by.prepared.geo().checkMs();
        geoTimer = geoCheckMs > 0 ? vertx.setPeriodic(geoCheckMs, due -> checkGeoFiles()) : -1;
    }

    private void checkGeoFiles() {
        vertx.executeBlocking(() -> {
            rules.prepared.geo().checkFiles();
            return true;
        });
    }

    private static void tellOfPorts(ProxyConfig config) {
        ServedPorts.ofSomeZones(config)
                .forEach(listener -> LOG.info(
                        "{} port {} is not among the usual ones: only zones that list it are served there",
                        listener.scheme(),
                        listener.visiblePort()));
    }

    /** Writes what is left of the access log. */
    private static Future<?> closeLog(Vertx vertx, Prepared prepared) {
        return vertx.executeBlocking(() -> {
            prepared.log().ifPresent(AccessLogWriter::close);
            return true;
        });
    }

    /**
     * The sockets of a configuration.
     *
     * @param listeners all of them, in the configuration's order
     * @param changes of those that were there before
     * @param gone those that it lacks
     */
    private record Sockets(
            List<HttpListener> listeners, List<Supplier<Future<Void>>> changes, List<HttpListener> gone) {}

    /** Opens the sockets that are not there, and prepares the change of the others; or leaves all as it is. */
    private Future<Sockets> opened(ProxyConfig config) {
        List<ClientLoop> loops = verticles.stream().map(ProxyVerticle::clients).toList();
        List<HttpListener> gone = new ArrayList<>(sockets);
        List<HttpListener> all = new ArrayList<>();
        List<HttpListener> added = new ArrayList<>();
        List<Future<?>> steps = new ArrayList<>();
        List<Supplier<Future<Void>>> changes = new CopyOnWriteArrayList<>();
        for (ListenerConfig wanted : config.listeners()) {
            Optional<HttpListener> known =
                    gone.stream().filter(each -> each.isAt(wanted)).findFirst();
            HttpListener listener = known.orElseGet(() -> new HttpListener(vertx, wanted, limiter));
            all.add(listener);
            if (known.isPresent()) {
                gone.remove(listener);
                steps.add(listener.prepare(wanted, loops).onSuccess(changes::add));
            } else {
                added.add(listener);
            }
        }
        added.forEach(listener -> steps.add(
                gone.stream().anyMatch(each -> each.isInTheWayOf(listener))
                        ? Future.failedFuture(listener.needsRestart())
                        : listener.open(loops)));
        return Future.join(steps)
                .map(done -> new Sockets(List.copyOf(all), List.copyOf(changes), List.copyOf(gone)))
                .recover(failure ->
                        Future.join(closed(added)).transform(closed -> Future.failedFuture(problems(steps))));
    }

    private static List<Future<Void>> closed(List<HttpListener> listeners) {
        return listeners.stream().map(HttpListener::close).toList();
    }

    private static List<Future<Void>> refusing(List<HttpListener> listeners) {
        return listeners.stream().map(HttpListener::refuse).toList();
    }

    private static ListenException problems(List<Future<?>> steps) {
        return new ListenException(steps.stream()
                .filter(Future::failed)
                .flatMap(f -> f.cause() instanceof OperatorException told
                        ? told.problems().stream()
                        : Stream.of(f.cause().toString()))
                .toList());
    }

    /**
     * Goes by another configuration, but for its number of threads. Connections that stand are kept, those of HTTP/3 whose listener goes
     * excepted: a client's next request and next deadline go by the new one, requests under way end by the old one. Certificates are read
     * anew.
     *
     * @return fails with a {@link io.anycastle.core.failure.OperatorException} that names every problem; all is as before then
     */
    public Future<Void> change(ProxyConfig next) {
        if (!isChanging.compareAndSet(false, true)) {
            return Future.failedFuture(new ListenException(List.of("The configuration is being changed already.")));
        }
        Rules before = rules;
        return TlsFiles.load(vertx, next.listeners())
                .compose(ready -> blocking(() -> before.prepared.next(before.config, next)))
                .compose(prepared -> opened(next)
                        .onFailure(failure -> closeReplaced(prepared, before.prepared))
                        .compose(plan -> commit(before, before.next(next, prepared, counters), plan)))
                .onComplete(over -> isChanging.set(false));
    }

    private Future<Void> commit(Rules before, Rules after, Sockets plan) {
        limiter.change(after.config.clients(), after.config.networks());
        after.guard.nodesAnswerAt(nodeAddresses);
        after.guard.listensOn(OwnSockets.of(status(after.config, plan.listeners)));
        rules = after;
        if (!after.prepared.log().equals(before.prepared.log())) {
            counters.countsLogLines(after.prepared.log());
        }
        checks.change(vertx, after.config.health(), after.config.origins(), after.guard, originTls);
        List<Future<Void>> loops = verticles.stream()
                .map(verticle -> verticle.change(shared(after)))
                .toList();
        return Future.join(loops)
                .compose(changed ->
                        Future.join(plan.changes.stream().map(Supplier::get).toList()))
                .onFailure(failure -> LOG.error("a listener has not changed as a whole: {}", failure.getMessage()))
                .transform(changed -> Future.join(closed(plan.gone)))
                .transform(closed -> closeReplaced(before.prepared, after.prepared))
                .transform(closed -> vertx.executeBlocking(() -> {
                    isOpen(after, plan.listeners);
                    return true;
                }))
                .mapEmpty();
    }

    /** What that makes, off the event loops. */
    private <T> Future<T> blocking(Callable<T> work) {
        Promise<T> made = Promise.promise();
        vertx.executeBlocking(() -> {
                    made.complete(work.call());
                    return true;
                })
                .onFailure(made::tryFail);
        return made.future();
    }

    /** Writes what is left of a log that the other has not. */
    private Future<?> closeReplaced(Prepared one, Prepared other) {
        return one.log().equals(other.log()) ? Future.succeededFuture() : closeLog(vertx, one);
    }

    /** What takes long is made before an event loop needs it. */
    private static Future<Prepared> loaded(Vertx vertx, ProxyConfig config, SealedKeys keys) {
        Promise<Prepared> made = Promise.promise();
        return TlsFiles.load(vertx, config.listeners())
                .compose(ready -> vertx.executeBlocking(() -> {
                    made.complete(Prepared.of(config, keys));
                    return true;
                }))
                .onFailure(made::tryFail)
                .compose(ready -> made.future());
    }

    private static List<ListenerStatus> status(ProxyConfig config, List<HttpListener> open) {
        List<ListenerStatus> status = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            ListenerConfig listener = config.listeners().get(i);
            status.add(new ListenerStatus(
                    listener.address(),
                    open.get(i).port(),
                    listener.visiblePort(),
                    listener.scheme(),
                    open.get(i).protocols()));
        }
        return List.copyOf(status);
    }

    /** What is open, in the configuration's order. */
    public List<ListenerStatus> listeners() {
        return listeners;
    }

    /** Tells the edge addresses of all nodes, each time that they change: no origin lies there. */
    public void nodesAnswerAt(Set<InetAddress> addresses) {
        nodeAddresses = Set.copyOf(addresses);
        rules.guard.nodesAnswerAt(addresses);
    }

    /** The origins of names that have several, as far as requests went to them, those first that are not in. */
    public List<OriginStatus> origins() {
        return rules.health.status();
    }

    /** All origins that are checked, those first that are out. */
    public List<HealthStatus> healthChecks() {
        return checks.status();
    }

    /** What this node tells the others of its health checks; see {@link HealthPeers#reports}. */
    public byte[] healthReport() {
        return checks.report();
    }

    public ProxyCounters counters() {
        return counters;
    }

    /** Those who follow the log of requests. */
    public LogTail tail() {
        return sources.tail();
    }

    /**
     * Lets each connection's next answer be its last for a tenth of the time, at most five seconds; then takes no new connections, ends idle
     * ones, and lets requests in flight end. Closes every socket when they have, or when the time is up.
     */
    public Future<Void> close(Duration grace) {
        sources.tail().close();
        if (grace.isZero()) {
            return close();
        }
        verticles.forEach(ProxyVerticle::lastCall);
        long lastCallMs = Math.min(LAST_CALL_MAX_MS, grace.toMillis() / 10);
        return vertx.timer(Math.max(1, lastCallMs), TimeUnit.MILLISECONDS)
                .compose(over -> drain(grace.minusMillis(lastCallMs)));
    }

    private Future<Void> drain(Duration grace) {
        Promise<Void> drained = Promise.promise();
        long timer = vertx.setTimer(grace.toMillis(), up -> drained.tryComplete());
        Future.join(refusing(sockets))
                .transform(closed ->
                        Future.join(verticles.stream().map(ProxyVerticle::drain).toList()))
                .onComplete(all -> drained.tryComplete());
        return drained.future().compose(_ -> {
            vertx.cancelTimer(timer);
            if (counters.connectionsOpen() > 0) {
                LOG.warn("{} connections are cut: not ended in {} ms", counters.connectionsOpen(), grace.toMillis());
            }
            return close();
        });
    }

    /** Closes every socket now. */
    public Future<Void> close() {
        sources.tail().close();
        vertx.cancelTimer(geoTimer);
        return Future.join(closed(sockets))
                .transform(closed -> vertx.undeploy(deployment))
                .transform(undeployed -> vertx.executeBlocking(() -> {
                    checks.close();
                    return true;
                }))
                .transform(ended -> closeLog(vertx, rules.prepared).mapEmpty());
    }
}
