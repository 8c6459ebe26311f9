package io.anycastle.dns.bench;

import io.anycastle.core.limit.Networks;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.DnsService;
import io.anycastle.dns.TlsConfig;
import io.anycastle.dns.UdpConfig;
import io.anycastle.dns.UdpConfig.Driver;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.guard.CookieConfig;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.RandomLabelConfig;
import io.anycastle.dns.guard.RateLimitConfig;
import io.anycastle.dns.tls.CertificateFiles;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Serves the zones of a folder on loopback with one driver and one thread until it is killed; each line that it is sent makes it print
 * its counters.
 */
public final class BenchServer {
    private static final int RATE_UNREACHED = 1_000_000;

    private BenchServer() {}

    /** Arguments: the folder of a load of {@link BenchZones}, the driver, the port, the port for TLS, its certificate and key, and which contestant it is. */
    public static void main(String[] arguments) throws Exception {
        Driver driver = Driver.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        CurrentView view = new CurrentView();
        Path folder = Path.of(arguments[0]);
        for (String name : Files.readAllLines(folder.resolve("zones.txt"))) {
            String origin = name.substring(0, name.length() - 1);
            ZoneState zone = ZoneText.active(origin, records(folder.resolve(name + "zone")));
            view.update(zone, zone.names().keySet());
        }
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(driver == Driver.EPOLL));
        DnsConfig config = DnsConfig.DEFAULTS
                .withListen(List.of(loopback(arguments[2])))
                .withUdp(UdpConfig.DEFAULTS.withDriver(driver).withThreads(1))
                .withTls(TlsConfig.DEFAULTS.with(
                        new CertificateFiles(Path.of(arguments[4]), Path.of(arguments[5])),
                        List.of(loopback(arguments[3]))))
                .withGuard(guard(Contestant.named(arguments[6])));
        DnsService service = DnsService.start(vertx, config, view).await();
        System.out.println("ready " + service.listeners());
        tellCounters(service.counters());
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void tellCounters(DnsCounters counters) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            System.out.println(Fate.line(counters.read()));
        }
    }

    private static GuardConfig guard(Contestant contestant) {
        return contestant == Contestant.UNGUARDED ? off() : on(contestant);
    }

    /** Everything is looked at and counted as ever, also from loopback. */
    private static GuardConfig on(Contestant contestant) {
        RateLimitConfig rates = RateLimitConfig.DEFAULTS
                .withRates(contestant.isOverKind() ? 1 : RATE_UNREACHED)
                .withAllMax(contestant.isOver() && !contestant.isOverKind() ? 1 : RATE_UNREACHED)
                .withSlip(contestant.slip())
                .withShortMax(contestant.shortMax());
        Networks withoutExemption = new Networks(24, 56, List.of());
        return GuardConfig.DEFAULTS.withRateLimit(rates).withNetworks(withoutExemption);
    }

    private static GuardConfig off() {
        RateLimitConfig none = new RateLimitConfig(false, false, 0, 0, 0, 0, 0, Duration.ofSeconds(15), 0, 0, 1024);
        return GuardConfig.DEFAULTS
                .withRateLimit(none)
                .withCookies(CookieConfig.DEFAULTS.withEnabled(false))
                .withRandomLabels(new RandomLabelConfig(0, Duration.ofSeconds(10), 0));
    }

    private static InetSocketAddress loopback(String port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(port));
    }

    /** What users may store: SOA and apex NS are the edge's own. */
    private static String records(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(l -> !l.startsWith("$") && !l.contains(" SOA ") && !l.contains("@ 3600 IN NS"))
                    .map(l -> l.replace(" IN ", " 300 IN "))
                    .collect(Collectors.joining("\n"));
        }
    }
}
