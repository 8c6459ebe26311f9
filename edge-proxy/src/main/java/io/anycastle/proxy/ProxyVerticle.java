package io.anycastle.proxy;

import io.anycastle.core.failure.ListenException;
import io.anycastle.core.failure.OperatorException;
import io.anycastle.proxy.exchange.ExchangeContext;
import io.anycastle.proxy.exchange.RequestPath;
import io.anycastle.proxy.listen.ConnectionLimiter;
import io.anycastle.proxy.listen.HttpListener;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.origin.OriginClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One event loop of the proxy: its listeners, its connections to origins, and the path its requests take. */
final class ProxyVerticle extends VerticleBase {
    private final ProxyConfig config;
    private final List<ListenerConfig> bound;
    private final ConnectionLimiter limiter;
    private final ProxyCounters counters;
    private final Function<OriginClient, ExchangeContext> surroundings;
    private final List<HttpListener> listeners = new ArrayList<>();
    private @Nullable OriginClient client;

    /**
     * @param bound the listeners with their ports, or negative numbers in place of ports that the system chooses
     */
    ProxyVerticle(
            ProxyConfig config,
            List<ListenerConfig> bound,
            ConnectionLimiter limiter,
            ProxyCounters counters,
            Function<OriginClient, ExchangeContext> surroundings) {
        this.config = config;
        this.bound = bound;
        this.limiter = limiter;
        this.counters = counters;
        this.surroundings = surroundings;
    }

    @Override
    public Future<?> start() {
        OriginClient own = new OriginClient(vertx, config.origins());
        client = own;
        RequestPath path = new RequestPath(surroundings.apply(own));
        List<Future<Void>> openings = new ArrayList<>();
        for (ListenerConfig listener : bound) {
            HttpListener opening = new HttpListener(vertx, config, listener, limiter, counters);
            listeners.add(opening);
            openings.add(opening.open(path::take, path::refuse));
        }
        vertx.setPeriodic(tick().toMillis(), fired -> {
            long now = System.nanoTime();
            listeners.forEach(listener -> listener.expire(now));
        });
        return Future.join(openings)
                .<Void>mapEmpty()
                .recover(failure -> close().transform(closed -> Future.failedFuture(problems(openings))));
    }

    private static ListenException problems(List<Future<Void>> openings) {
        return new ListenException(openings.stream()
                .filter(Future::failed)
                .flatMap(f -> f.cause() instanceof OperatorException told
                        ? told.problems().stream()
                        : Stream.of(f.cause().toString()))
                .toList());
    }

    /** Often enough that a deadline is missed by a quarter at most. */
    private Duration tick() {
        Duration shortest = Duration.ofSeconds(4);
        for (Duration limit : List.of(
                config.clients().idle(),
                config.clients().head(),
                config.clients().body(),
                config.clients().write(),
                config.origins().readTimeout(),
                config.origins().silenceTimeout(),
                config.origins().writeTimeout())) {
            shortest = limit.compareTo(shortest) < 0 ? limit : shortest;
        }
        return Duration.ofMillis(Math.max(10, shortest.toMillis() / 4));
    }

    /** Lets each connection's next answer be its last; any thread. */
    void lastCall() {
        context.runOnContext(go -> listeners.forEach(HttpListener::lastCall));
    }

    /** Takes no new connections and lets requests in flight end; any thread. */
    Future<Void> drain(Duration atMost) {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(
                go -> Future.join(listeners.stream().map(l -> l.drain(atMost)).toList())
                        .<Void>mapEmpty()
                        .onComplete(drained));
        return drained.future();
    }

    List<HttpListener> listeners() {
        return listeners;
    }

    @Override
    public Future<?> stop() {
        return close();
    }

    private Future<Void> close() {
        List<Future<Void>> closings =
                new ArrayList<>(listeners.stream().map(HttpListener::close).toList());
        if (client != null) {
            closings.add(client.close());
        }
        return Future.join(closings).mapEmpty();
    }
}
