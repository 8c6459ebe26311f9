package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.anycastle.app.FreePort;
import io.anycastle.app.TestNode;
import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.lifecycle.EdgeNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are told each other's address and do not belong together: in the plain mode nothing else keeps them apart. */
final class PlainStrangersTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final List<HostPort> ports = List.of(FreePort.find(), FreePort.find());

    private TestNode start(int index, String cluster) {
        return TestNode.start(folder.resolve("node" + index), config -> plain(config, index, cluster));
    }

    private EdgeConfig plain(EdgeConfig config, int index, String cluster) {
        return Clusters.plain(config, ports, index).with(ClusterKeys.NAME, cluster);
    }

    @Test
    void a_node_of_another_cluster_stays_alone_and_both_sides_say_why() {
        try (LogWatch log = new LogWatch("ROOT");
                TestNode a = start(0, "one");
                TestNode b = start(1, "two")) {
            log.await("[one]", "join request from [127.0.0.1]", "part of different cluster");
            log.await("[two]", "could not join cluster", "has a different cluster-name");
            a.addZone("still.test");
            assertThat(a.node().store().status().members()).isEqualTo(1);
            assertThat(b.node().store().status().members()).isEqualTo(1);
        }
    }

    @Test
    void a_node_of_another_format_is_told_apart_by_those_who_are_there() {
        try (LogWatch log = new LogWatch("ROOT");
                TestNode node = start(0, "one");
                Other other = new Other()) {
            log.await("wants to join as node 'newer' with format 99 and has to leave again", "format 2");
            assertThat(other.isRunning()).isTrue();
            assertThat(node.node().store().status().joined()).isTrue();
        }
    }

    @Test
    void a_node_does_not_join_those_of_another_format_says_why_and_serves_beside_them() {
        try (LogWatch log = new LogWatch("ROOT");
                Other other = new Other();
                EdgeNode node = EdgeNode.start(plain(TestNode.config(folder.resolve("node")), 0, "one"))) {
            assertThat(other.isRunning()).isTrue();
            log.await(
                    "the cluster layer does not start: the node at [127.0.0.1]:",
                    "stores format 99, this one 2; they serve side by side and join once both have one version");
            assertThat(node.store().status().lastError().orElseThrow()).contains("stores format 99");
            assertThat(node.store().status().joined()).isFalse();
            assertThat(node.store().nodes().getFirst().report().orElseThrow().application())
                    .contains("\"state\":\"joining\"");
            assertThat(node.dnsAddresses()).isNotEmpty();
        }
    }

    /** A member as another version of this product would be one, at the second address. */
    private final class Other implements AutoCloseable {
        private final HazelcastInstance member;

        Other() {
            Config config = new Config();
            config.setClusterName("one");
            config.getMemberAttributeConfig()
                    .setAttribute("anycastle.node", "newer")
                    .setAttribute("anycastle.format", "99");
            config.setProperty("hazelcast.socket.bind.any", "false");
            config.setProperty("hazelcast.phone.home.enabled", "false");
            config.setProperty("hazelcast.wait.seconds.before.join", "0");
            config.getJetConfig().setEnabled(false);
            NetworkConfig network = config.getNetworkConfig();
            network.setPort(ports.get(1).port()).setPortAutoIncrement(false);
            network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
            network.getJoin().getMulticastConfig().setEnabled(false);
            network.getJoin()
                    .getTcpIpConfig()
                    .setEnabled(true)
                    .addMember("127.0.0.1:" + ports.getFirst().port());
            member = Hazelcast.newHazelcastInstance(config);
        }

        boolean isRunning() {
            return member.getLifecycleService().isRunning();
        }

        @Override
        public void close() {
            member.shutdown();
        }
    }
}
