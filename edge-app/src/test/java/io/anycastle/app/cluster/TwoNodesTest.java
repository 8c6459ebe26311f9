package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.Keys;
import io.anycastle.app.lifecycle.EdgeNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real nodes that know each other by an invitation only. */
final class TwoNodesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    static HostPort freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return new HostPort(InetAddress.ofLiteral("127.0.0.1"), probe.getLocalPort());
        }
    }

    static EdgeConfig clustered(Path folder, String id) {
        try {
            return TestNode.config(folder)
                    .with(Keys.NODE_ID, Optional.of(id))
                    .with(ClusterKeys.LISTEN, Optional.of(freePort()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void an_invited_node_joins_and_both_are_one_cluster_that_only_the_tunnel_connects() {
        try (TestNode first = TestNode.start(folder.resolve("a"), config -> clustered(folder.resolve("a"), "node-a"))) {
            String token = first.post("/edge/cluster/invitations", new JsonObject())
                    .result()
                    .getString("token");
            try (EdgeNode second = EdgeNode.start(clustered(folder.resolve("b"), "node-b"), Optional.of(token))) {
                TestNode.await("both are joined", () -> second.store().status().members() == 2);
                assertThat(first.node().store().status().members()).isEqualTo(2);
                assertThat(second.store().memberAddress().orElseThrow().getAddress())
                        .isEqualTo(InetAddress.ofLiteral("127.77.0.2"));
                assertThat(first.get("/edge/cluster/nodes").text()).contains("node-b");
            }
        }
    }
}
