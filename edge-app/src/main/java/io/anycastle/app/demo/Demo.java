package io.anycastle.app.demo;

import io.anycastle.app.api.AdminToken;
import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.DnsKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ProxyKeys;
import io.anycastle.app.lifecycle.EdgeNode;
import io.anycastle.core.model.Cidr;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.ChangeOutcome;
import io.anycastle.core.store.ChangeSet;
import io.anycastle.core.store.Edit;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A node in a temporary folder with the zone example.com on it and two origins behind; all of it is gone when closed. */
public final class Demo implements AutoCloseable {
    private static final Duration WRITE_TIME = Duration.ofSeconds(60);
    private static final String BLOG = "192.0.2.1";
    private static final String SHOP = "192.0.2.2";

    private final Path folder;
    private final Vertx vertx;
    private final EdgeNode node;

    private Demo(Path folder, Vertx vertx, EdgeNode node) {
        this.folder = folder;
        this.vertx = vertx;
        this.node = node;
    }

    /** Starts node and origins and fills in the zone; blocks. */
    public static Demo start(DemoPorts ports) {
        Path folder = temporaryFolder();
        Vertx vertx = Vertx.vertx();
        try {
            EdgeNode node = EdgeNode.start(config(ports, folder, origins(vertx)));
            Demo demo = new Demo(folder, vertx, node);
            demo.fill();
            return demo;
        } catch (RuntimeException e) {
            vertx.close();
            delete(folder);
            throw e;
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("anycastle-demo-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder", e);
        }
    }

    private static Map<InetAddress, HostPort> origins(Vertx vertx) {
        return Map.of(
                InetAddress.ofLiteral(BLOG), origin(vertx, "blog at " + BLOG),
                InetAddress.ofLiteral(SHOP), origin(vertx, "shop at " + SHOP));
    }

    private static HostPort origin(Vertx vertx, String name) {
        HttpServer server = EchoOrigin.start(vertx, name)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new HostPort(InetAddress.ofLiteral("127.0.0.1"), server.actualPort());
    }

    private static EdgeConfig config(DemoPorts ports, Path folder, Map<InetAddress, HostPort> origins) {
        return EdgeConfig.DEFAULTS
                .with(Keys.DATA, folder)
                .with(Keys.COLO, "DEMO")
                .with(DnsKeys.LISTEN, ports.listeners(ports.dns(), 0))
                .with(Keys.HTTP_LISTEN, ports.listeners(ports.http(), 80))
                .with(Keys.ADMIN_LISTEN, ports.listeners(ports.admin(), 0))
                .with(Keys.STOP_TIMEOUT, Duration.ofSeconds(2))
                .with(ProxyKeys.ORIGIN_ALLOW, List.of(Cidr.of("127.0.0.1")))
                .with(ProxyKeys.ORIGIN_ADDRESS_MAP, origins)
                .with(ClusterKeys.WRITE_TIMEOUT, WRITE_TIME)
                .with(ClusterKeys.PORT, 0);
    }

    /** The table of the introduction. The store waits with it for the cluster layer, which starts last. */
    private void fill() {
        ChangeOutcome outcome = node.store()
                .apply(ChangeSet.of(
                        DomainName.of("example.com"),
                        new Edit.CreateZone(ZoneType.FULL, List.of()),
                        new Edit.CreateRecord(RecordDraft.of("blog", "A", BLOG).withProxied(true)),
                        new Edit.CreateRecord(RecordDraft.of("shop", "A", SHOP).withProxied(false))));
        if (!(outcome instanceof ChangeOutcome.Applied)) {
            close();
            throw new IllegalStateException("the demonstration's zone was not taken: " + outcome);
        }
    }

    public EdgeNode node() {
        return node;
    }

    public String token() {
        return AdminToken.readFrom(folder).orElseThrow();
    }

    public Path folder() {
        return folder;
    }

    /** What to show a user who has just started it. */
    public String welcome() {
        InetSocketAddress dns = node.dnsAddresses().getFirst();
        InetSocketAddress http = node.proxyAddresses().getFirst();
        InetSocketAddress admin = node.adminAddresses().getFirst();
        String dig = "dig @" + dns.getHostString() + " -p " + dns.getPort() + " ";
        return """
                Anycastle is running, with the zone example.com:

                  Type  Name              Content    Proxy status  TTL
                  A     blog.example.com  %s  Proxied       Auto
                  A     shop.example.com  %s  DNS only      Auto

                  DNS          %s (UDP and TCP)
                  Proxy        http://%s/
                  Admin API    http://%s/client/v4
                  Admin token  %s

                Try in another terminal:

                  %sblog.example.com +short
                  %sshop.example.com +short
                  curl -H 'Host: blog.example.com' http://%s/hello

                Ctrl-C ends it and removes its data (%s).
                """.formatted(BLOG, SHOP, text(dns), text(http), text(admin), token(), dig, dig, text(http), folder);
    }

    private static String text(InetSocketAddress address) {
        return new HostPort(address.getAddress(), address.getPort()).toString();
    }

    @Override
    public void close() {
        node.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        delete(folder);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " is not wholly removed", e);
        }
    }
}
