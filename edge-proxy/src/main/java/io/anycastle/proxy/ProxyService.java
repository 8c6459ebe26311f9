package io.anycastle.proxy;

import io.anycastle.core.resolve.Resolver;
import io.anycastle.core.view.CurrentView;
import io.anycastle.proxy.exchange.ExchangeContext;
import io.anycastle.proxy.listen.ConnectionLimiter;
import io.anycastle.proxy.listen.HttpListener;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.listen.ListenerStatus;
import io.anycastle.proxy.listen.TlsFiles;
import io.anycastle.proxy.origin.AddressGuard;
import io.anycastle.proxy.origin.OriginAddresses;
import io.anycastle.proxy.origin.OriginTrust;
import io.anycastle.proxy.origin.OwnSockets;
import io.anycastle.proxy.origin.TlsMode;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running proxy. */
public final class ProxyService {
    /** Numbers listeners whose port the system chooses, so that all event loops of one service share one port. */
    private static final AtomicInteger SHARED_PORTS = new AtomicInteger();

    private static final Logger LOG = LoggerFactory.getLogger(ProxyService.class);

    /** Connections are counted and cut by the service; the listeners' own limit only comes later. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final long LAST_CALL_MAX_MS = 5_000;

    private final Vertx vertx;
    private final String deployment;
    private final List<ProxyVerticle> verticles;
    private final List<ListenerStatus> listeners;
    private final ProxyCounters counters;
    private final AddressGuard guard;

    private ProxyService(
            Vertx vertx,
            String deployment,
            List<ProxyVerticle> verticles,
            List<ListenerStatus> listeners,
            ProxyCounters counters,
            AddressGuard guard) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.verticles = List.copyOf(verticles);
        this.listeners = listeners;
        this.counters = counters;
        this.guard = guard;
    }

    /**
     * Opens all listeners on all event loops; fails with a {@link io.anycastle.core.failure.ListenException} that names every problem, and
     * leaves nothing open then.
     */
    public static Future<ProxyService> start(Vertx vertx, ProxyConfig config, CurrentView view, Resolver resolver) {
        ConnectionLimiter limiter = new ConnectionLimiter(config.clients());
        ProxyCounters counters = new ProxyCounters(limiter::open);
        AddressGuard guard = new AddressGuard(config.origins());
        OriginAddresses addresses = new OriginAddresses(view, resolver);
        List<ListenerConfig> bound =
                config.listeners().stream().map(ProxyService::shared).toList();
        List<ProxyVerticle> verticles = new ArrayList<>();
        return loaded(vertx, config)
                .compose(ready -> vertx.deployVerticle(
                        () -> {
                            ProxyVerticle verticle = new ProxyVerticle(
                                    config,
                                    bound,
                                    limiter,
                                    counters,
                                    client -> new ExchangeContext(config, counters, view, addresses, guard, client));
                            verticles.add(verticle);
                            return verticle;
                        },
                        new DeploymentOptions().setInstances(config.threads())))
                .map(deployment -> {
                    List<ListenerStatus> open =
                            status(config, verticles.getFirst().listeners());
                    guard.listensOn(OwnSockets.of(open));
                    return new ProxyService(vertx, deployment, verticles, open, counters, guard);
                });
    }

    /** What TLS takes long to load is loaded before an event loop needs it. */
    private static Future<?> loaded(Vertx vertx, ProxyConfig config) {
        Future<?> listening = TlsFiles.load(vertx, config.listeners());
        return config.origins().tls() == TlsMode.STRICT
                ? Future.join(listening, vertx.executeBlocking(OriginTrust::system))
                : listening;
    }

    private static ListenerConfig shared(ListenerConfig listener) {
        int port = listener.port() == 0 ? -SHARED_PORTS.incrementAndGet() : listener.port();
        return new ListenerConfig(listener.address(), port, listener.publicPort(), listener.tls());
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
                    List.of())); // HTTP/1.1 alone so far
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

    public ProxyCounters counters() {
        return counters;
    }

    /**
     * Lets each connection's next answer be its last for a tenth of the time, at most five seconds; then takes no new connections, ends idle
     * ones, and lets requests in flight end. Closes every socket when they have, or when the time is up.
     */
    public Future<Void> close(Duration grace) {
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
        Future.join(verticles.stream().map(v -> v.drain(grace.plus(SLACK))).toList())
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
        return vertx.undeploy(deployment);
    }
}
