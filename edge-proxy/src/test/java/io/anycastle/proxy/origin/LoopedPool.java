package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Await;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.message.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A pool on an event loop of its own; at the end all its connections are closed and all its buffers released. */
final class LoopedPool implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final MultiThreadIoEventLoopGroup loops;
    private final ProxyCounters counters = new ProxyCounters(() -> 0);
    private final OriginPool pool;

    LoopedPool(Transport transport, OriginConfig config) throws Exception {
        this(transport, config, JdkOriginSecurity.ofTheSystem(SealedKeys.NONE));
    }

    LoopedPool(Transport transport, OriginConfig config, OriginSecurity security) throws Exception {
        this(transport, transport::socket, config, security);
    }

    LoopedPool(Transport transport, Supplier<Channel> sockets, OriginConfig config, OriginSecurity security)
            throws Exception {
        loops = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        pool = call(() -> new OriginPool(
                loops.next(),
                () -> {
                    Channel channel = sockets.get();
                    channel.config().setAllocator(buffers);
                    return channel;
                },
                config,
                security,
                counters));
    }

    /** The defaults, but for how many connections there may be to an origin, and how many requests may wait for one. */
    static OriginConfig limits(int connectionsMax, int queueMax) {
        return config(LONG, LONG, LONG, connectionsMax, queueMax);
    }

    /** The defaults, but for how long an origin may refuse to take something. */
    static OriginConfig writeTimeout(Duration write) {
        return config(LONG, LONG, write, OriginConfig.DEFAULTS.connectionsMax(), 0);
    }

    /** The defaults, but for how long connecting and the handshake may last each, and an unused connection. */
    static OriginConfig times(Duration connect, Duration keepAlive) {
        return config(connect, keepAlive, LONG, OriginConfig.DEFAULTS.connectionsMax(), 0);
    }

    private static OriginConfig config(
            Duration connect, Duration keepAlive, Duration write, int connectionsMax, int queueMax) {
        OriginConfig defaults = OriginConfig.DEFAULTS;
        return new OriginConfig(
                defaults.tls(),
                defaults.port(),
                connect,
                defaults.attemptDelay(),
                connect,
                LONG,
                LONG,
                write,
                keepAlive,
                connectionsMax,
                queueMax,
                defaults.queueTimeout(),
                defaults.headerBytesMax(),
                defaults.http2(),
                defaults.balance(),
                defaults.ejection(),
                defaults.retry(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** An origin on loopback that is asked without TLS. */
    static OriginTarget plain(int port) {
        return OriginTarget.plain(InetAddress.getLoopbackAddress(), port);
    }

    /** One whose certificate is not looked at. */
    static OriginTarget tls(int port, String name) {
        return OriginTarget.tls(InetAddress.getLoopbackAddress(), port, TlsPeer.unchecked(name));
    }

    static OriginTarget checked(int port, String name) {
        return OriginTarget.tls(InetAddress.getLoopbackAddress(), port, TlsPeer.checked(name));
    }

    Asking ask(int port, Asking asking) throws Exception {
        request(plain(port), asking);
        return asking;
    }

    void request(OriginTarget target, ResponseListener listener) throws Exception {
        run(() -> pool.request(target, listener));
    }

    /** So many octets in one of the pool's own buffers. */
    ByteBuf zeros(int count) {
        return buffers.directBuffer(count).writeZero(count);
    }

    /** The size of all of the pool's own buffers in octets. */
    long buffered() {
        return buffers.metric().usedDirectMemory() + buffers.metric().usedHeapMemory();
    }

    ProxyCounters counters() {
        return counters;
    }

    OriginPool pool() {
        return pool;
    }

    /** Does something on the event loop. */
    void run(Runnable action) throws Exception {
        call(() -> {
            action.run();
            return true;
        });
    }

    <T> T call(Callable<T> action) throws Exception {
        return loops.next().submit(action).get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        CountDownLatch closed = new CountDownLatch(1);
        loops.next().execute(() -> pool.close().onComplete(done -> closed.countDown()));
        Await.until(() -> closed.getCount() == 0);
        Await.until(() -> buffers.metric().usedDirectMemory() == 0);
        assertThat(buffers.metric().usedHeapMemory()).isZero();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
