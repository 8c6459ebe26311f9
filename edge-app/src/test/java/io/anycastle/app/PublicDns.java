package io.anycastle.app;

import io.anycastle.app.config.CheckKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ResolverKeys;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Zone;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A node of its own that stands for public DNS: what it says of a zone is what the world says. */
public final class PublicDns implements AutoCloseable {
    private static final List<DomainName> EDGE =
            List.of(DomainName.of("ns1.edge.example"), DomainName.of("ns2.edge.example"));

    private final TestNode node;

    private PublicDns(TestNode node) {
        this.node = node;
    }

    /** One with a folder of its own. */
    public static PublicDns start() {
        return new PublicDns(TestNode.start());
    }

    /** The settings of an edge that checks its zones here, and only when it is asked to. */
    public EdgeConfig checking(EdgeConfig config) {
        InetSocketAddress here = node.node().dnsAddresses().getFirst();
        return config.with(CheckKeys.ACTIVATION, CheckKeys.Activation.CHECK)
                .with(Keys.NAME_SERVERS, EDGE)
                .with(CheckKeys.FIRST, Duration.ofHours(1))
                .with(CheckKeys.RETRY, Duration.ofHours(1))
                .with(CheckKeys.AGAIN, Duration.ofMillis(10))
                .with(ResolverKeys.SERVERS, List.of(new HostPort(here.getAddress(), here.getPort())));
    }

    /** Delegates the zone to the edge. */
    public void delegateToEdge(String zone) {
        delegate(zone, EDGE);
    }

    public void delegate(String zone, String... servers) {
        delegate(zone, Stream.of(servers).map(DomainName::of).toList());
    }

    private void delegate(String zone, List<DomainName> servers) {
        DomainName name = DomainName.of(zone);
        if (node.node().store().view().get().zone(name).isEmpty()) {
            node.addZone(zone);
        }
        Zone now = node.node().store().view().get().zone(name).orElseThrow().zone();
        Zone delegated = new Zone(
                now.id(),
                name,
                now.type(),
                now.status(),
                now.paused(),
                now.version(),
                now.serial(),
                servers,
                now.createdOn(),
                now.modifiedOn(),
                now.activatedOn());
        node.node().store().apply(ChangeSet.of(name, new Edit.RestoreZone(delegated)));
    }

    /** Adds a text, and the zone that it needs. */
    public void text(String zone, String name, String text) {
        delegate(zone, "ns.provider.example");
        String id = node.node()
                .store()
                .view()
                .get()
                .zone(DomainName.of(zone))
                .orElseThrow()
                .zone()
                .id();
        node.addRecord(id, name, "TXT", text);
    }

    @Override
    public void close() {
        node.close();
    }
}
