package io.anycastle.proxy.bench;

import io.anycastle.core.model.Cidr;
import io.anycastle.core.view.CurrentView;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ProxyService;
import io.anycastle.proxy.Site;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.origin.AddressMapping;
import io.anycastle.proxy.origin.OriginConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** The proxy with one event loop and one site, {@code bench.local}, for the benchmark: arguments are its port and the origin's. */
public final class BenchProxy {
    private BenchProxy() {}

    public static void main(String[] arguments) throws InterruptedException {
        CurrentView view = new CurrentView();
        Site.show(view, "bench.local", "+bench.local A 192.0.2.1");
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        ProxyService.start(
                        vertx,
                        config(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])),
                        view,
                        name -> CompletableFuture.failedFuture(new UnknownHostException(name.toString())))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        new CountDownLatch(1).await();
    }

    private static ProxyConfig config(int port, int originPort) {
        OriginConfig d = OriginConfig.DEFAULTS;
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        OriginConfig origins = new OriginConfig(
                d.tls(),
                d.port(),
                d.connectTimeout(),
                d.handshakeTimeout(),
                d.readTimeout(),
                d.silenceTimeout(),
                d.writeTimeout(),
                d.keepAlive(),
                d.connectionsMax(),
                d.queueMax(),
                d.headerBytesMax(),
                List.of(Cidr.of("127.0.0.0/8")),
                List.of(),
                List.of(new AddressMapping(InetAddress.ofLiteral("192.0.2.1"), loopback, OptionalInt.of(originPort))),
                List.of());
        ProxyConfig p = ProxyConfig.DEFAULTS;
        return new ProxyConfig(
                List.of(ListenerConfig.plain("127.0.0.1", port)),
                1,
                p.colo(),
                p.node(),
                p.loopToken(),
                p.loopPassesMax(),
                List.of(),
                p.via(),
                p.accessLog(),
                p.heads(),
                p.clients(),
                p.http2(),
                origins);
    }
}
