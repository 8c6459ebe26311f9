package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.ResolverKeys;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node flattens what another node, as the world outside, answers; and answers it on after both have gone and one is back. */
final class FlatteningNodeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void an_apex_cname_answers_the_address_of_its_target_also_after_a_restart_without_the_world_outside() {
        UnaryOperator<EdgeConfig> settings;
        try (TestNode outside = TestNode.start(folder.resolve("outside"))) {
            outside.addRecord(outside.addZone("outside.test"), "www", "A", "203.0.113.5");
            InetSocketAddress asked = outside.node().dnsAddresses().getFirst();
            HostPort server = new HostPort(asked.getAddress(), asked.getPort());
            settings = config -> config.with(ResolverKeys.SERVERS, List.of(server));
            try (TestNode edge = TestNode.start(folder.resolve("edge"), settings)) {
                String zone = edge.addZone("apex.test");
                edge.addRecord(zone, "@", "CNAME", "www.outside.test");
                edge.addRecord(zone, "@", "TXT", "beside");
                TestNode.await("learnt", () -> edge.dns("apex.test", "A").equals("203.0.113.5"));
                assertThat(edge.dns("apex.test", "TXT")).isEqualTo("beside");
                assertThat(edge.get("/zones/" + zone + "/dns_records").text()).contains("www.outside.test");
            }
        }
        try (TestNode edge = TestNode.start(folder.resolve("edge"), settings)) {
            assertThat(edge.dns("apex.test", "A")).isEqualTo("203.0.113.5");
        }
    }
}
