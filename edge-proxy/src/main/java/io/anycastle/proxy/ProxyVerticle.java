package io.anycastle.proxy;

import io.anycastle.proxy.coding.EncoderPool;
import io.anycastle.proxy.exchange.ExchangeContext;
import io.anycastle.proxy.exchange.RequestPath;
import io.anycastle.proxy.listen.ClientLoop;
import io.anycastle.proxy.listen.LoopConnections;
import io.anycastle.proxy.log.AccessLogLines;
import io.anycastle.proxy.log.AccessLogWriter;
import io.anycastle.proxy.origin.OriginPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One event loop of the proxy: its connections to clients and to origins, and the path its requests take. */
final class ProxyVerticle extends VerticleBase {
    private final ProxyCounters counters;
    private final Shared first;
    private final Set<OriginPool> retired = new LinkedHashSet<>();
    private @Nullable AccessLogLines lines;
    private @Nullable OriginPool origins;
    private @Nullable EncoderPool encoders;
    private @Nullable ClientLoop clients;
    private long expiring = -1;
    private long flushing = -1;

    /**
     * What all event loops have in common while one configuration holds.
     *
     * @param surroundings what requests work with, by the event loop's own parts
     */
    record Shared(ProxyConfig config, Prepared prepared, Surroundings surroundings) {}

    /** Makes what the requests of one event loop work with. */
    @FunctionalInterface
    interface Surroundings {
        ExchangeContext of(OriginPool origins, EncoderPool encoders, @Nullable AccessLogLines log);
    }

    ProxyVerticle(ProxyCounters counters, Shared first) {
        this.counters = counters;
        this.first = first;
    }

    @Override
    public Future<?> start() {
        var loop = ((ContextInternal) context).nettyEventLoop();
        clients = new ClientLoop(loop, new LoopConnections(first.config(), counters, path(first)));
        setTimers(first.config());
        return Future.succeededFuture();
    }

    /** The path of requests by a configuration, with connections to origins of its own. */
    private RequestPath path(Shared by) {
        var loop = ((ContextInternal) context).nettyEventLoop();
        var sockets = ((VertxInternal) vertx).transport().channelFactory(false);
        ProxyConfig config = by.config();
        OriginPool own =
                new OriginPool(loop, sockets, config.origins(), by.prepared().security(), counters);
        EncoderPool coding = new EncoderPool(config.reply().compression());
        origins = own;
        encoders = coding;
        Optional<AccessLogWriter> log = by.prepared().log();
        if (lines != null) {
            lines.redirect(log);
        } else {
            lines = log.map(AccessLogLines::new).orElse(null);
        }
        return new RequestPath(by.surroundings().of(own, coding, log.isPresent() ? lines : null));
    }

    private void setTimers(ProxyConfig config) {
        vertx.cancelTimer(expiring);
        vertx.cancelTimer(flushing);
        expiring = vertx.setPeriodic(
                tick(config).toMillis(), fired -> clients().connections().expire(System.nanoTime()));
        AccessLogLines own = lines;
        if (own != null) {
            flushing = vertx.setPeriodic(config.accessLog().delay().toMillis(), fired -> own.flush());
        }
    }

    /**
     * Lets requests that come from now on go by another configuration, those on connections that stand as well; requests under way end as
     * they began. Any thread.
     */
    Future<Void> change(Shared next) {
        Promise<Void> changed = Promise.promise();
        context.runOnContext(go -> {
            OriginPool before = Objects.requireNonNull(origins, "started");
            Objects.requireNonNull(encoders, "started").close();
            clients().connections().change(next.config(), path(next));
            setTimers(next.config());
            retired.add(before);
            before.retire().onComplete(ended -> retired.remove(before));
            changed.complete();
        });
        return changed.future();
    }

    /** Often enough that a deadline is missed by a quarter at most. */
    private static Duration tick(ProxyConfig config) {
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
        List<Future<Void>> closed = new ArrayList<>();
        if (origins != null) {
            closed.add(origins.close());
        }
        List.copyOf(retired).forEach(pool -> closed.add(pool.close()));
        return Future.join(closed);
    }
}
