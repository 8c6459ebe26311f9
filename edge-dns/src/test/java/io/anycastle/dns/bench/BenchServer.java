package io.anycastle.dns.bench;

import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsService;
import io.anycastle.dns.UdpConfig;
import io.anycastle.dns.UdpConfig.Driver;
import io.anycastle.dns.ZoneText;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Serves the generated zone on loopback with one driver and one thread until it is killed. */
public final class BenchServer {
    private BenchServer() {}

    /** Arguments: the folder of {@link BenchZone}, the driver, the port. */
    public static void main(String[] arguments) throws Exception {
        Driver driver = Driver.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        int port = Integer.parseInt(arguments[2]);
        CurrentView view = new CurrentView();
        var zone = ZoneText.active("small.test", records(Path.of(arguments[0], "small.test.zone")));
        view.update(zone, zone.names().keySet());
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(driver == Driver.EPOLL));
        DnsConfig config = DnsConfig.DEFAULTS
                .withListen(List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)))
                .withUdp(UdpConfig.DEFAULTS.withDriver(driver).withThreads(1));
        DnsService service = DnsService.start(vertx, config, view).await();
        System.out.println("ready " + service.listeners());
        Thread.sleep(Long.MAX_VALUE);
    }

    /** What users may store: SOA and apex NS are the edge's own. */
    private static String records(Path file) throws java.io.IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(l -> !l.startsWith("$") && !l.contains(" SOA ") && !l.contains("@ 3600 IN NS"))
                    .map(l -> l.replace(" IN ", " 300 IN "))
                    .collect(Collectors.joining("\n"));
        }
    }
}
