package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.app.TestNode;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.SteerKeys;
import io.anycastle.app.lifecycle.EdgeNode;
import io.anycastle.app.lifecycle.StartException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proxied names answer the addresses of the nodes that serve: two real nodes, each with an address of its own. */
final class NodeAddressesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private EdgeConfig config(String id, String address) {
        return Clusters.config(folder, id)
                .with(Keys.EDGE_ADDRESSES, List.of(InetAddress.ofLiteral(address)))
                .with(SteerKeys.ANSWER, SteerKeys.Answer.NODES)
                .with(SteerKeys.CHECK_INTERVAL, Duration.ofMillis(100));
    }

    @Test
    void a_proxied_name_answers_all_nodes_that_serve_and_drops_the_one_that_leaves() {
        try (TestNode berlin = TestNode.start(folder.resolve("berlin"), _ -> config("berlin", "198.51.100.1"))) {
            String zone = berlin.addZone("example.test");
            berlin.addProxied(zone, "www", "192.0.2.1");
            berlin.addRecord(zone, "direct", "A", "192.0.2.2");
            berlin.addProxied(zone, "loop", "198.51.100.2");
            assertThat(berlin.dns("www.example.test", "A")).isEqualTo("198.51.100.1");

            TestNode paris = TestNode.joined(config("paris", "198.51.100.2"), Clusters.invite(berlin));
            TestNode.await("both nodes answer both", () -> both(berlin) && both(paris));
            assertThat(berlin.dns("direct.example.test", "A")).isEqualTo("192.0.2.2");
            assertThat(edge(berlin).getString("answer")).isEqualTo("nodes");
            assertThat(edge(berlin).getJsonArray("serving")).isEqualTo(new JsonArray(List.of("berlin", "paris")));
            TestNode.await("an origin at another node's address is refused", () -> {
                String answer = fetched(berlin, "loop.example.test");
                return answer.startsWith("HTTP/1.1 403") && answer.contains("\"error_code\":1000");
            });

            paris.close();
            TestNode.await(
                    "the node that has left is not answered any more",
                    () -> berlin.dns("www.example.test", "A").equals("198.51.100.1"));
            assertThat(edge(berlin).getJsonArray("serving")).isEqualTo(new JsonArray(List.of("berlin")));
        }
    }

    private static boolean both(TestNode node) {
        return node.dns("www.example.test", "A").equals("198.51.100.1 198.51.100.2");
    }

    private static String fetched(TestNode node, String host) {
        InetSocketAddress proxy = node.node().proxyAddresses().getFirst();
        try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
            String request =
                    "GET / HTTP/1.1\r\nHost: " + host + "\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject edge(TestNode node) {
        return node.get("/edge/status").result().getJsonObject("edge");
    }

    @Test
    void a_node_does_not_start_with_a_geoip_file_that_is_not_there() {
        EdgeConfig config =
                config("berlin", "198.51.100.1").with(SteerKeys.GEOIP, Optional.of(folder.resolve("cities.mmdb")));
        assertThatThrownBy(() -> EdgeNode.start(config))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("edge.nodes.geoip: the GeoIP file")
                .hasMessageContaining("it is not there");
    }
}
