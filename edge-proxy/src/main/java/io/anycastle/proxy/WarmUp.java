package io.anycastle.proxy;

import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.model.Cidr;
import io.anycastle.core.resolve.Resolver;
import io.anycastle.proxy.health.HealthConfig;
import io.anycastle.proxy.health.HealthPeers;
import io.anycastle.proxy.listen.ClientRates;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.listen.ListenerStatus;
import io.anycastle.proxy.log.AccessLogWriter;
import io.anycastle.proxy.log.LogTail;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.OriginHttp2;
import io.anycastle.proxy.origin.SealedKeys;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the JVM compile what requests run through before visitors come: a second proxy by the same configuration, with an event loop,
 * counters and a zone of its own, is asked as fast as it answers, over loopback and by each protocol over TCP that the first one's
 * visitors may speak. No origin, log or counter of the node sees anything of it. Any thread.
 */
public final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final String LOOPBACK = "127.0.0.1";
    /** Of each protocol. */
    private static final int REQUESTS_AT_A_TIME = 16;

    private static final int BODY_BYTES = 1_024;
    private static final long PART_MAX_SECONDS = 10;
    /** How often the compilers are looked at, and what they work in that time when they are done. */
    private static final Duration STEP = Duration.ofSeconds(1);

    private static final long IDLE_MS = 50;

    private final ProxyConfig config;
    private final Prepared prepared;
    private final long endNanos;
    private final Map<Wire, LongAdder> answers = new EnumMap<>(Wire.class);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** How visitors ask. */
    public enum Wire {
        HTTP_1(false, false),
        HTTP_2(false, true),
        HTTP_1_TLS(true, false),
        HTTP_2_TLS(true, true);

        private final boolean isTls;
        private final boolean isHttp2;

        Wire(boolean isTls, boolean isHttp2) {
            this.isTls = isTls;
            this.isHttp2 = isHttp2;
        }

        private String scheme() {
            return isTls ? "https" : "http";
        }
    }

    private WarmUp(ProxyConfig config, Prepared prepared, Duration time) {
        this.config = config;
        this.prepared = prepared;
        this.endNanos = System.nanoTime() + time.toNanos(); // what it takes to begin is part of it
        for (Wire wire : Wire.values()) {
            answers.put(wire, new LongAdder());
        }
    }

    /** @param time how long it asks at most; it ends sooner where the JVM has compiled all of it */
    static WarmUp start(ProxyConfig config, Prepared prepared, Duration time) {
        WarmUp warmUp = new WarmUp(config, prepared, time);
        Thread.ofPlatform().daemon().name("warm-up").start(warmUp::run);
        return warmUp;
    }

    /** Completes when nothing of it is left, and never fails: whatever goes wrong is in the log, and the node serves all the same. */
    public CompletableFuture<Void> over() {
        return over.copy();
    }

    /** How many requests were answered so far. */
    public Map<Wire, Long> answers() {
        Map<Wire, Long> counted = new EnumMap<>(Wire.class);
        answers.forEach((wire, count) -> counted.put(wire, count.sum()));
        return counted;
    }

    /** Ends it before its time. Blocks until nothing of it is left. */
    @Override
    public void close() {
        closed.countDown();
        over.join();
    }

    private void run() {
        try {
            rehearse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) { // of whatever kind: the node serves all the same
            LOG.warn("the proxy is not warmed up: {}", e.toString());
        } finally {
            over.complete(null);
        }
    }

    private void rehearse() throws Exception {
        Vertx stage = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)) // no folder for it
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setMaxEventLoopExecuteTime(TimeUnit.MINUTES.toNanos(1)));
        try {
            NetServer origin = await(origin(stage));
            ProxyService proxy = await(ProxyService.start(
                    stage, stageConfig(), sources(origin.actualPort()), prepared.withLog(log(config))));
            List<NetClient> visitors = new ArrayList<>();
            try {
                visitors.addAll(visit(stage, proxy.listeners()));
                awaitCompilers();
            } finally {
                await(Future.join(
                        visitors.stream().map(NetClient::close).toList())); // held till then: who is not is closed
                await(proxy.close());
            }
        } finally {
            await(stage.close());
        }
    }

    /** Until they have hardly anything to do any more, or the time is up. */
    private void awaitCompilers() throws InterruptedException {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        long before = 0;
        boolean isBusy = compilers != null; // a JVM that only interprets has none
        while (isBusy && !closed.await(Math.min(endNanos - System.nanoTime(), STEP.toNanos()), TimeUnit.NANOSECONDS)) {
            long worked = compilers.getTotalCompilationTime();
            isBusy = worked - before > IDLE_MS && endNanos - System.nanoTime() > 0;
            before = worked;
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PART_MAX_SECONDS, TimeUnit.SECONDS);
    }

    private static Optional<AccessLogWriter> log(ProxyConfig config) {
        return config.accessLog().isOn()
                ? Optional.of(AccessLogWriter.toNowhere(config.accessLog()))
                : Optional.empty();
    }

    private static ProxyService.Sources sources(int originPort) {
        Resolver nobody = name -> CompletableFuture.failedFuture(new UnsupportedOperationException(name.toString()));
        return new ProxyService.Sources(
                WarmUpZone.view(originPort),
                nobody,
                new LogTail(ProxyConfig.DEFAULTS.accessLog().tail()),
                SealedKeys.NONE,
                new UnhealthyAddresses(),
                HealthPeers.NONE);
    }

    /** The node's own, on loopback and without what would keep it from its own origin or from asking so often. */
    private ProxyConfig stageConfig() {
        ClientRates rates = config.rates();
        return new ProxyConfig(
                listeners(),
                ZonePorts.DEFAULTS,
                1,
                config.colo(),
                config.node(),
                config.loopToken(),
                config.loopPassesMax(),
                TrustedPeers.NOBODY,
                config.geo(),
                config.via(),
                config.accessLog(),
                config.heads(),
                config.clients(),
                new ClientRates(
                        rates.requestsMax() > 0 ? Integer.MAX_VALUE : 0,
                        rates.headBytesMax() > 0 ? Integer.MAX_VALUE : 0,
                        rates.burst(),
                        rates.networksMax(),
                        List.of()),
                config.http2(),
                config.http3(),
                config.bodies(),
                config.reply(),
                stageOrigins(config.origins()),
                HealthConfig.DEFAULTS);
    }

    private static OriginConfig stageOrigins(OriginConfig given) {
        return new OriginConfig(
                given.tls(),
                OptionalInt.empty(),
                given.connectTimeout(),
                given.attemptDelay(),
                given.handshakeTimeout(),
                given.readTimeout(),
                given.silenceTimeout(),
                given.writeTimeout(),
                given.keepAlive(),
                OriginConfig.DEFAULTS.connectionsMax(),
                OriginConfig.DEFAULTS.queueMax(),
                given.queueTimeout(),
                given.headerBytesMax(),
                OriginHttp2.DEFAULTS,
                given.balance(),
                given.ejection(),
                given.retry(),
                List.of(Cidr.of(LOOPBACK)),
                List.of(),
                List.of(),
                List.of());
    }

    /** One that is plain and, where the node has any, one with TLS. */
    private List<ListenerConfig> listeners() {
        List<ListenerConfig> listeners = new ArrayList<>();
        for (boolean isTls : List.of(false, true)) {
            config.listeners().stream()
                    .filter(given -> given.isTls() == isTls)
                    .findFirst()
                    .map(given -> new ListenerConfig(
                            LOOPBACK, 0, OptionalInt.empty(), given.tls(), given.speaksHttp2(), false))
                    .ifPresent(listeners::add);
        }
        return listeners;
    }

    private static Future<NetServer> origin(Vertx stage) {
        ByteBuf headEnd = WarmUpVisitor.text("\r\n\r\n");
        ByteBuf answer = WarmUpVisitor.text("HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                + "Content-Type: application/octet-stream\r\nCache-Control: no-store\r\nContent-Length: " + BODY_BYTES
                + "\r\n\r\n" + "x".repeat(BODY_BYTES));
        return stage.createNetServer()
                .connectHandler(socket -> {
                    ByteBuf unread = Unpooled.buffer();
                    socket.handler(octets -> {
                        unread.writeBytes(((BufferInternal) octets).getByteBuf());
                        for (int end = ByteBufUtil.indexOf(headEnd, unread);
                                end >= 0;
                                end = ByteBufUtil.indexOf(headEnd, unread)) {
                            unread.readerIndex(end + headEnd.readableBytes());
                            socket.write(BufferInternal.buffer(answer.duplicate()));
                        }
                        unread.discardReadBytes();
                    });
                })
                .listen(SocketAddress.inetSocketAddress(0, LOOPBACK));
    }

    private List<NetClient> visit(Vertx stage, List<ListenerStatus> listeners) {
        List<NetClient> visitors = new ArrayList<>();
        for (ListenerStatus listener : listeners) {
            for (Wire wire : Wire.values()) {
                if (listener.scheme().equals(wire.scheme()) && isSpoken(wire)) {
                    visitors.add(visit(stage, listener.port(), wire));
                }
            }
        }
        return visitors;
    }

    private boolean isSpoken(Wire wire) {
        return !wire.isHttp2
                || config.listeners().stream().anyMatch(given -> given.isTls() == wire.isTls && given.speaksHttp2());
    }

    private NetClient visit(Vertx stage, int port, Wire wire) {
        NetClientOptions options = new NetClientOptions();
        if (wire.isTls) {
            options.setSsl(true)
                    .setTrustAll(true) // it is our own certificate that comes
                    .setHostnameVerificationAlgorithm("")
                    .setUseAlpn(true)
                    .setApplicationLayerProtocols(List.of(wire.isHttp2 ? "h2" : "http/1.1"));
        }
        NetClient client = stage.createNetClient(options);
        int connections = wire.isHttp2 ? REQUESTS_AT_A_TIME / WarmUpVisitor.Http2.STREAMS : REQUESTS_AT_A_TIME;
        for (int i = 0; i < connections; i++) {
            client.connect(SocketAddress.inetSocketAddress(port, LOOPBACK), WarmUpZone.HOST)
                    .onSuccess(socket -> begin(socket, wire))
                    .onFailure(e -> LOG.debug("the proxy is not warmed up by {}", wire, e));
        }
        return client;
    }

    private void begin(NetSocket socket, Wire wire) {
        Runnable answered = Objects.requireNonNull(answers.get(wire), "one of each")::increment;
        Consumer<ByteBuf> out = octets -> socket.write(BufferInternal.buffer(octets));
        WarmUpVisitor visitor = wire.isHttp2
                ? new WarmUpVisitor.Http2(out, answered, wire.scheme())
                : new WarmUpVisitor.Http1(out, answered, BODY_BYTES);
        socket.handler(octets -> visitor.receive(((BufferInternal) octets).getByteBuf()));
        visitor.begin();
    }
}
