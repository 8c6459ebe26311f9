package io.anycastle.proxy;

import io.anycastle.core.failure.ListenException;
import io.anycastle.core.failure.OperatorException;
import io.anycastle.core.resolve.Resolver;
import io.anycastle.core.view.CurrentView;
import io.anycastle.proxy.exchange.ExchangeContext;
import io.anycastle.proxy.exchange.NetworkRates;
import io.anycastle.proxy.exchange.ServedPorts;
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
import io.anycastle.proxy.origin.OriginHealth;
import io.anycastle.proxy.origin.OriginStatus;
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
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running proxy. */
public final class ProxyService {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyService.class);

    private static final long LAST_CALL_MAX_MS = 5_000;

    private final Vertx vertx;
    private final String deployment;
    private final List<ProxyVerticle> verticles;
    private final List<HttpListener> sockets;
    private final List<ListenerStatus> listeners;
    private final ProxyCounters counters;
    private final AddressGuard guard;
    private final OriginHealth health;
    private final Prepared prepared;
    private final LogTail tail;
    private final long geoTimer;

    private ProxyService(
            Vertx vertx,
            String deployment,
            List<ProxyVerticle> verticles,
            List<HttpListener> sockets,
            List<ListenerStatus> listeners,
            ProxyCounters counters,
            AddressGuard guard,
            OriginHealth health,
            Prepared prepared,
            LogTail tail) {
        this.prepared = prepared;
        this.tail = tail;
        this.vertx = vertx;
        this.deployment = deployment;
        this.verticles = List.copyOf(verticles);
        this.sockets = sockets;
        this.listeners = listeners;
        this.counters = counters;
        this.guard = guard;
        this.health = health;
        long geoCheckMs = prepared.geo().checkMs();
        geoTimer = geoCheckMs > 0 ? vertx.setPeriodic(geoCheckMs, due -> checkGeoFiles()) : -1;
    }

    private void checkGeoFiles() {
        vertx.executeBlocking(() -> {
            prepared.geo().checkFiles();
            return true;
        });
    }

    /**
     * Opens all listeners on all event loops; fails with a {@link io.anycastle.core.failure.ListenException} that names every problem, and
     * leaves nothing open then.
     */
    public static Future<ProxyService> start(Vertx vertx, ProxyConfig config, CurrentView view, Resolver resolver) {
        return start(
                vertx,
                config,
                new Sources(view, resolver, new LogTail(config.accessLog().tail()), SealedKeys.NONE));
    }

    /**
     * What the proxy stands on.
     *
     * @param tail those who follow its log; it ends with the proxy
     */
    public record Sources(CurrentView view, Resolver resolver, LogTail tail, SealedKeys keys) {}

    /** The same, with more of what it stands on. */
    public static Future<ProxyService> start(Vertx vertx, ProxyConfig config, Sources sources) {
        CurrentView view = sources.view();
        LogTail tail = sources.tail();
        ConnectionLimiter limiter = new ConnectionLimiter(config.clients(), config.networks());
        NetworkRates rates = new NetworkRates(config.rates(), config.networks());
        ProxyCounters counters = new ProxyCounters(limiter::open);
        AddressGuard guard = new AddressGuard(config.origins());
        OriginAddresses addresses = new OriginAddresses(view, sources.resolver());
        OriginHealth health = new OriginHealth(config.origins(), counters, System::nanoTime);
        List<ProxyVerticle> verticles = new CopyOnWriteArrayList<>();
        List<HttpListener> listeners = config.listeners().stream()
                .map(listener -> new HttpListener(vertx, listener, limiter))
                .toList();
        return loaded(vertx, config, sources.keys())
                .compose(made -> deployed(vertx, config.threads(), verticles, () -> {
                            counters.countsLogLines(made.log());
                            counters.countsTail(tail);
                            return new ProxyVerticle(
                                    config,
                                    counters,
                                    made,
                                    (origins, lines) -> new ExchangeContext(
                                            config,
                                            counters,
                                            view,
                                            addresses,
                                            guard,
                                            health,
                                            made.geo(),
                                            rates,
                                            origins,
                                            lines,
                                            tail));
                        })
                        .compose(deployment -> opened(vertx, deployment, verticles, listeners)
                                .map(all -> {
                                    tellOfPorts(config);
                                    List<ListenerStatus> open = status(config, listeners);
                                    guard.listensOn(OwnSockets.of(open));
                                    return new ProxyService(
                                            vertx,
                                            deployment,
                                            verticles,
                                            listeners,
                                            open,
                                            counters,
                                            guard,
                                            health,
                                            made,
                                            tail);
                                }))
                        .onFailure(failure -> closeLog(vertx, made)));
    }

    private static void tellOfPorts(ProxyConfig config) {
        ServedPorts.ofSomeZones(config)
                .forEach(listener -> LOG.info(
                        "{} port {} is not among the usual ones: only zones that list it are served there",
                        listener.scheme(),
                        listener.visiblePort()));
    }

    private static Future<String> deployed(
            Vertx vertx, int instances, List<ProxyVerticle> verticles, Supplier<ProxyVerticle> one) {
        return vertx.deployVerticle(
                () -> {
                    ProxyVerticle verticle = one.get();
                    verticles.add(verticle);
                    return verticle;
                },
                new DeploymentOptions().setInstances(instances));
    }

    /** Writes what is left of the access log. */
    private static Future<?> closeLog(Vertx vertx, Prepared prepared) {
        return vertx.executeBlocking(() -> {
            prepared.log().ifPresent(AccessLogWriter::close);
            return true;
        });
    }

    /** Opens all listeners, or none. */
    private static Future<?> opened(
            Vertx vertx, String deployment, List<ProxyVerticle> verticles, List<HttpListener> listeners) {
        List<ClientLoop> loops = verticles.stream().map(ProxyVerticle::clients).toList();
        List<Future<Void>> openings =
                listeners.stream().map(listener -> listener.open(loops)).toList();
        return Future.join(openings)
                .recover(failure -> Future.join(closed(listeners))
                        .transform(closed -> vertx.undeploy(deployment))
                        .transform(undeployed -> Future.failedFuture(problems(openings))));
    }

    private static List<Future<Void>> closed(List<HttpListener> listeners) {
        return listeners.stream().map(HttpListener::close).toList();
    }

    private static List<Future<Void>> refusing(List<HttpListener> listeners) {
        return listeners.stream().map(HttpListener::refuse).toList();
    }

    private static ListenException problems(List<Future<Void>> openings) {
        return new ListenException(openings.stream()
                .filter(Future::failed)
                .flatMap(f -> f.cause() instanceof OperatorException told
                        ? told.problems().stream()
                        : Stream.of(f.cause().toString()))
                .toList());
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
        guard.nodesAnswerAt(addresses);
    }

    /** The origins of names that have several, as far as requests went to them, those first that are not in. */
    public List<OriginStatus> origins() {
        return health.status();
    }

    public ProxyCounters counters() {
        return counters;
    }

    /** Those who follow the log of requests. */
    public LogTail tail() {
        return tail;
    }

    /**
     * Lets each connection's next answer be its last for a tenth of the time, at most five seconds; then takes no new connections, ends idle
     * ones, and lets requests in flight end. Closes every socket when they have, or when the time is up.
     */
    public Future<Void> close(Duration grace) {
        tail.close();
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
        tail.close();
        vertx.cancelTimer(geoTimer);
        return Future.join(closed(sockets))
                .transform(closed -> vertx.undeploy(deployment))
                .transform(undeployed -> closeLog(vertx, prepared).mapEmpty());
    }
}
