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
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node in a temporary folder with the zone example.com on it and two origins behind; all of it is gone when closed. Any thread may close
 * it, also while another one starts it.
 */
public final class Demo implements AutoCloseable {
    private static final Duration WRITE_TIME = Duration.ofSeconds(60);
    private static final String BLOG = "192.0.2.1";
    private static final String SHOP = "192.0.2.2";

    private final DemoPorts ports;
    private final Opened opened = new Opened();
    private volatile @Nullable Running running;

    private record Running(Path folder, EdgeNode node) {}

    /** Opens nothing yet. */
    public Demo(DemoPorts ports) {
        this.ports = ports;
    }

    /**
     * Starts node and origins and fills in the zone; blocks. When it fails, also because it was closed meanwhile, nothing stays behind.
     *
     * @throws io.anycastle.app.lifecycle.StartException naming every problem
     */
    public void start() {
        try {
            Path folder = opened.add(TemporaryFolder::make).path();
            EchoOrigins origins = opened.add(EchoOrigins::new);
            EdgeConfig config = config(folder, origins(origins));
            EdgeNode node = opened.add(() -> EdgeNode.start(config));
            running = new Running(folder, node);
            fill(node);
        } catch (RuntimeException e) {
            closeAfter(e);
            throw e;
        }
    }

    private void closeAfter(RuntimeException failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static Map<InetAddress, HostPort> origins(EchoOrigins origins) {
        return Map.of(
                InetAddress.ofLiteral(BLOG), origins.start("blog at " + BLOG),
                InetAddress.ofLiteral(SHOP), origins.start("shop at " + SHOP));
    }

    private EdgeConfig config(Path folder, Map<InetAddress, HostPort> origins) {
        return EdgeConfig.DEFAULTS
                .with(Keys.DATA, folder)
                .with(Keys.COLO, "DEMO")
                .with(DnsKeys.LISTEN, ports.listeners(ports.dns(), 0))
                .with(Keys.HTTP_LISTEN, ports.listeners(ports.http(), 80))
                .with(Keys.ADMIN_LISTEN, ports.listeners(ports.admin(), 0))
                .with(Keys.DRAIN_TIME, Duration.ZERO)
                .with(Keys.STOP_TIMEOUT, Duration.ofSeconds(2))
                .with(ProxyKeys.ORIGIN_ALLOW, List.of(Cidr.of("127.0.0.1")))
                .with(ProxyKeys.ORIGIN_ADDRESS_MAP, origins)
                .with(ClusterKeys.WRITE_TIMEOUT, WRITE_TIME)
                .with(ClusterKeys.PORT, 0);
    }

    /** The table of the introduction. The store waits with it for the cluster layer, which starts last. */
    private static void fill(EdgeNode node) {
        try {
            node.store().awaitMembership(WRITE_TIME);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ChangeOutcome outcome = node.store()
                .apply(ChangeSet.of(
                        DomainName.of("example.com"),
                        new Edit.CreateZone(ZoneType.FULL, List.of()),
                        new Edit.CreateRecord(RecordDraft.of("blog", "A", BLOG).withProxied(true)),
                        new Edit.CreateRecord(RecordDraft.of("shop", "A", SHOP).withProxied(false))));
        if (!(outcome instanceof ChangeOutcome.Applied)) {
            throw new IllegalStateException("the demonstration's zone was not taken: " + outcome);
        }
    }

    /** Another node beside, with its data in the demonstration's folder; closed with the demonstration, if not before. */
    public EdgeNode add(Supplier<EdgeNode> start) {
        return opened.add(start);
    }

    private Running running() {
        return Objects.requireNonNull(running, "not started");
    }

    public EdgeNode node() {
        return running().node();
    }

    public String token() {
        return AdminToken.readFrom(folder()).orElseThrow();
    }

    public Path folder() {
        return running().folder();
    }

    /** What to show a user who has just started it. */
    public String welcome() {
        EdgeNode node = node();
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
                """.formatted(BLOG, SHOP, text(dns), text(http), text(admin), token(), dig, dig, text(http), folder());
    }

    private static String text(InetSocketAddress address) {
        return new HostPort(address.getAddress(), address.getPort()).toString();
    }

    @Override
    public void close() {
        opened.close();
    }
}
