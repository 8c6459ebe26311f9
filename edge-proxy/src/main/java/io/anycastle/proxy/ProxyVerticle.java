package io.anycastle.proxy;

import io.anycastle.proxy.coding.EncoderPool;
import io.anycastle.proxy.exchange.ExchangeContext;
import io.anycastle.proxy.exchange.RequestPath;
import io.anycastle.proxy.listen.ClientLoop;
import io.anycastle.proxy.listen.LoopConnections;
import io.anycastle.proxy.log.AccessLogLines;
import io.anycastle.proxy.origin.OriginPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One event loop of the proxy: its connections to clients and to origins, and the path its requests take. */
final class ProxyVerticle extends VerticleBase {
    private final ProxyConfig config;
    private final ProxyCounters counters;
    private final Prepared prepared;
    private final BiFunction<OriginPool, @Nullable AccessLogLines, ExchangeContext> surroundings;
    private @Nullable AccessLogLines lines;
    private @Nullable OriginPool origins;
    private @Nullable EncoderPool encoders;
    private @Nullable ClientLoop clients;

    ProxyVerticle(
            ProxyConfig config,
            ProxyCounters counters,
            Prepared prepared,
            BiFunction<OriginPool, @Nullable AccessLogLines, ExchangeContext> surroundings) {
        this.prepared = prepared;
        this.config = config;
        this.counters = counters;
        this.surroundings = surroundings;
    }

    @Override
    public Future<?> start() {
        var loop = ((ContextInternal) context).nettyEventLoop();
        var sockets = ((VertxInternal) vertx).transport().channelFactory(false);
        OriginPool own = new OriginPool(loop, sockets, config.origins(), prepared.security(), counters);
        ExchangeContext exchanges = surroundings.apply(own, lines());
        LoopConnections connections = new LoopConnections(config, counters, new RequestPath(exchanges));
        encoders = exchanges.encoders();
        origins = own;
        clients = new ClientLoop(loop, connections);
        vertx.setPeriodic(tick().toMillis(), fired -> connections.expire(System.nanoTime()));
        return Future.succeededFuture();
    }

    /** Where this loop's requests are logged, if they are. */
    private @Nullable AccessLogLines lines() {
        AccessLogLines own = prepared.log().map(AccessLogLines::new).orElse(null);
        if (own == null) {
            return null;
        }
        lines = own;
        vertx.setPeriodic(config.accessLog().delay().toMillis(), fired -> own.flush());
        return own;
    }

    /** Often enough that a deadline is missed by a quarter at most. */
    private Duration tick() {
        Duration shortest = Duration.ofSeconds(4);
        for (Duration limit : List.of(
                config.clients().idle(),
                config.clients().head(),
                config.clients().body(),
                config.clients().write(),
                config.clients().linger(),
                config.origins().readTimeout(),
                config.origins().silenceTimeout(),
                config.origins().writeTimeout(),
                config.origins().queueTimeout())) {
            shortest = limit.compareTo(shortest) < 0 ? limit : shortest;
        }
        return Duration.ofMillis(Math.max(10, shortest.toMillis() / 4));
    }

    /** The loop, once the verticle has started; any thread. */
    ClientLoop clients() {
        return Objects.requireNonNull(clients, "started");
    }

    /** Lets each connection's next answer be its last; any thread. */
    void lastCall() {
        context.runOnContext(go -> clients().connections().lastCall());
    }

    /** Ends idle connections and lets requests in flight end; completes when no connection is left; any thread. */
    Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(go -> clients().connections().drain().onComplete(drained));
        return drained.future();
    }

    @Override
    public Future<?> stop() {
        if (clients != null) {
            clients.connections().close();
        }
        if (lines != null) {
            lines.flush();
        }
        if (encoders != null) {
            encoders.close();
        }
        return origins == null ? Future.succeededFuture() : origins.close();
    }
}
