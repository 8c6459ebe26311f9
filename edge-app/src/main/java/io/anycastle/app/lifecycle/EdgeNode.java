package io.anycastle.app.lifecycle;

import io.anycastle.app.api.AdminServer;
import io.anycastle.app.api.AdminToken;
import io.anycastle.app.api.Reloading;
import io.anycastle.app.cluster.Membership;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.app.log.LogLines;
import io.anycastle.core.activation.ZoneChecks;
import io.anycastle.core.failure.OperatorException;
import io.anycastle.core.model.DurationText;
import io.anycastle.core.store.ClusteredStore;
import io.anycastle.core.view.CurrentTls;
import io.anycastle.dns.DnsService;
import io.anycastle.dns.answer.Transport;
import io.anycastle.proxy.ProxyService;
import io.anycastle.proxy.WarmUp;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node: store, DNS, proxy and admin API, started and stopped as one. */
public final class EdgeNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeNode.class);

    /** What sockets take to close once the time for requests in flight is up. */
    private static final Duration CUT_TIME = Duration.ofSeconds(1);

    /** What reading and opening takes at most. */
    private static final Duration RELOAD_TIME = Duration.ofMinutes(1);

    /** What leaving the cluster may take even where no time is given. */
    private static final Duration LEAVE_MIN = Duration.ofSeconds(1);

    private final Parts parts;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final Optional<WarmUp> warmUp;
    private volatile EdgeConfig config;
    private volatile Supplier<EdgeConfig> source;

    private EdgeNode(EdgeConfig config, Parts parts, Duration warmUpTime) {
        this.config = config;
        this.source = () -> config;
        this.parts = parts;
        parts.reloading().set(this::reload);
        warmUp = warmUpTime.isZero() ? Optional.empty() : Optional.of(warmUp(warmUpTime));
    }

    private WarmUp warmUp(Duration time) {
        long started = System.nanoTime();
        WarmUp begun = parts.proxy().warmUp(time);
        begun.over().thenRun(() -> {
            parts.facts().warmingUp(false);
            LOG.info(
                    "the proxy has warmed up in {} ms by {} requests of its own",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started),
                    begun.answers().values().stream().mapToLong(Long::longValue).sum());
        });
        return begun;
    }

    /** What a node is made of, once all of it serves. */
    record Parts(
            Vertx vertx,
            ClusteredStore store,
            Membership membership,
            ZoneChecks checks,
            DnsService dns,
            ProxyService proxy,
            AdminServer admin,
            AdminToken token,
            Facts facts,
            NodeHealth health,
            OutboundDns outside,
            CurrentTls tls,
            AtomicReference<Reloading> reloading) {}

    /**
     * Starts a node; returns when DNS, proxy and admin API answer. Blocks.
     *
     * @throws StartException naming every problem, with nothing left running
     */
    public static EdgeNode start(EdgeConfig wanted) {
        return start(wanted, Optional.empty());
    }

    /**
     * Starts a node that first joins a cluster, if it is in none.
     *
     * @param join the token
     * @throws StartException naming every problem, with nothing left running
     */
    public static EdgeNode start(EdgeConfig wanted, Optional<String> join) {
        EdgeNode node = open(wanted, join, Duration.ZERO);
        node.tell();
        return node;
    }

    /** The same for a program that is nothing but this node: its proxy warms up, and {@link #tell} has what the log says. */
    public static EdgeNode open(EdgeConfig wanted, Optional<String> join) {
        return open(wanted, join, wanted.value(ProxyKeys.WARM_UP));
    }

    private static EdgeNode open(EdgeConfig wanted, Optional<String> join, Duration warmUpTime) {
        EdgeConfig config = HereAddresses.only(wanted);
        return new EdgeNode(config, new Start(config, join, !warmUpTime.isZero()).run(), warmUpTime);
    }

    /**
     * Tells where {@link #reload} reads the configuration from; until then, it is the one that the node was started with.
     *
     * @param file throws an {@link OperatorException} when the configuration cannot be read
     */
    public void reloadsFrom(Supplier<EdgeConfig> file) {
        source = file;
    }

    /**
     * Reads the configuration again, and certificates with it, and follows what can be followed at once; connections are kept. Blocks.
     *
     * @throws OperatorException naming every problem; all is as before then
     */
    public synchronized Reloading.Reloaded reload() {
        try {
            Reload reload = Reload.of(config, HereAddresses.only(source.get()));
            Duration atMost = reload.next().value(Keys.STOP_TIMEOUT).plus(RELOAD_TIME);
            String node = parts.store().status().nodeId();
            parts.proxy()
                    .change(new Sections(reload.next()).proxy(node))
                    .await(atMost.toMillis(), TimeUnit.MILLISECONDS);
            config = reload.next();
            LogLines.level(config.value(Keys.LOG_LEVEL).name());
            parts.tls()
                    .publish(OfferedTls.of(
                            parts.proxy().listeners(),
                            config.value(ProxyKeys.HTTPS_PORTS),
                            config.value(Keys.CERTIFICATE)));
            tell(reload);
            return new Reloading.Reloaded(reload.changed(), reload.waiting());
        } catch (OperatorException e) {
            e.problems().forEach(problem -> LOG.error("the configuration is not reloaded: {}", problem));
            throw e;
        } catch (TimeoutException e) {
            LOG.error("the configuration is not reloaded in time");
            throw new StartException(List.of("The configuration was not reloaded in time."));
        }
    }

    private static void tell(Reload reload) {
        LOG.info(
                "configuration reloaded, {}",
                reload.changed().isEmpty() ? "no setting changed" : "changed: " + String.join(", ", reload.changed()));
        if (!reload.waiting().isEmpty()) {
            LOG.warn("these settings take a restart: {}", String.join(", ", reload.waiting()));
        }
    }

    /** Says in the log where the node listens and that it is ready. */
    public void tell() {
        parts.dns()
                .listeners()
                .forEach(listener -> LOG.info(
                        "DNS listens on {} ({}, {})",
                        Facts.text(listener.address()),
                        listener.transport(),
                        listener.driver()));
        parts.proxy()
                .listeners()
                .forEach(listener -> LOG.info(
                        "{} listens on {}, public port {}",
                        listener.scheme().toUpperCase(java.util.Locale.ROOT),
                        Facts.text(new InetSocketAddress(listener.address(), listener.port())),
                        listener.publicPort()));
        parts.admin()
                .addresses()
                .forEach(address -> LOG.info("admin API, metrics and health listen on {}", Facts.text(address)));
        Path data = config.value(Keys.DATA).toAbsolutePath().normalize();
        LOG.info("data folder {}, admin token in {}", data, data.resolve(AdminToken.TOKEN_FILE));
        long sinceStart = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        LOG.info("ready, {} ms after the JVM started", sinceStart);
    }

    public List<InetSocketAddress> adminAddresses() {
        return parts.admin().addresses();
    }

    /** UDP and TCP share the port. */
    public List<InetSocketAddress> dnsAddresses() {
        return dnsAddresses(Transport.UDP);
    }

    /** Where DNS is answered by that transport. */
    public List<InetSocketAddress> dnsAddresses(Transport transport) {
        return parts.dns().listeners().stream()
                .filter(listener -> listener.transport() == transport)
                .map(listener -> listener.address())
                .toList();
    }

    public List<InetSocketAddress> proxyAddresses() {
        return parts.proxy().listeners().stream()
                .map(listener -> new InetSocketAddress(listener.address(), listener.port()))
                .toList();
    }

    VertxInternal vertx() {
        return (VertxInternal) parts.vertx();
    }

    public Membership membership() {
        return parts.membership();
    }

    public ClusteredStore store() {
        return parts.store();
    }

    /** Whether this start made the admin token. */
    public boolean hasNewToken() {
        return parts.token().isNew();
    }

    /** Serves on for the drain time, lets what is in flight end and leaves the cluster within the stop time. Blocks; once. */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        long started = System.nanoTime();
        warmUp.ifPresent(WarmUp::close);
        drain(config.value(Keys.DRAIN_TIME));
        Duration atMost = config.value(Keys.STOP_TIMEOUT);
        LOG.info("stopping, within {}", DurationText.of(atMost));
        parts.health().close();
        parts.checks().close();
        Thread leaving = Thread.ofPlatform().name("stop-store").start(() -> leave(atMost));
        Closing.within(atMost.plus(CUT_TIME))
                .all(parts.proxy().close(atMost), parts.dns().close());
        join(leaving);
        parts.outside().close();
        parts.facts().close();
        parts.membership().close();
        Closing.within(Duration.ofSeconds(2)).all(parts.vertx().close());
        LOG.info("stopped in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
    }

    /** An interrupt ends it early. */
    private void drain(Duration time) {
        parts.facts().draining();
        if (time.isZero()) {
            return;
        }
        LOG.info("draining: serving on for {}", DurationText.of(time));
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            LOG.info("draining ends early");
        }
    }

    /** The cluster lets this node go while requests end: neither waits for the other. Calls of the admin API come first. */
    private void leave(Duration atMost) {
        long started = System.nanoTime();
        Closing.within(atMost.plus(CUT_TIME)).all(parts.admin().close(atMost.toMillis()));
        parts.membership().stopWaiting();
        Duration left = atMost.minusNanos(System.nanoTime() - started);
        parts.store().close(left.compareTo(LEAVE_MIN) > 0 ? left : LEAVE_MIN);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
