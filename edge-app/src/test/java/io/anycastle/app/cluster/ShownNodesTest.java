package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Keys;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code edge status} shows of the nodes of a cluster. */
final class ShownNodesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private EdgeConfig config(String id) {
        return Clusters.config(folder, id).with(Keys.STOP_TIMEOUT, Duration.ofSeconds(10));
    }

    private TestNode first() {
        return TestNode.start(folder.resolve("node-a"), config -> config("node-a"));
    }

    private static String address(TestNode node, String id) {
        return node.node().membership().list().stream()
                .filter(listed -> listed.id().equals(id))
                .findFirst()
                .orElseThrow()
                .address();
    }

    private static String state(TestNode node, String id) {
        return node.get("/edge/nodes").results().stream()
                .filter(shown -> shown.getString("id").equals(id))
                .map(shown -> shown.getString("state"))
                .findFirst()
                .orElse("not shown");
    }

    private String status(TestNode node) {
        return node.screen().done("status");
    }

    @Test
    void every_node_is_shown_with_what_it_tells_of_itself() {
        try (TestNode a = first();
                TestNode b = TestNode.joined(config("node-b"), Clusters.invite(a))) {
            String zone = a.addZone("shown.test");
            a.addRecord(zone, "www", "A", "192.0.2.1");
            TestNode.await(
                    "equal stores",
                    () -> a.node().store().digest() == b.node().store().digest());
            TestNode.await(
                    "both serve",
                    () -> state(a, "node-a").equals("serving")
                            && state(a, "node-b").equals("serving"));
            List<JsonObject> nodes = new ArrayList<>();
            TestNode.await("both are heard", () -> {
                nodes.clear();
                nodes.addAll(b.get("/edge/nodes").results());
                return nodes.stream().allMatch(node -> node.getString("state").equals("serving"));
            });
            assertThat(nodes).hasSize(2);
            for (JsonObject node : nodes) {
                assertThat(node.getString("address")).isEqualTo(address(a, node.getString("id")));
                assertThat(node.getString("colo")).isEqualTo("LOC");
                assertThat(node.getString("version")).isNotEmpty();
                assertThat(node.getLong("uptime_seconds")).isNotNegative();
                assertThat(node.getString("store_digest")).matches("[0-9a-f]{16}");
                assertThat(node.getLong("change_lag_ms")).isNotNegative();
                assertThat(node.getJsonArray("edge_addresses")).containsExactly("198.51.100.1");
            }
            AtomicReference<String> status = new AtomicReference<>("");
            TestNode.await("both are heard", () -> {
                status.set(status(b));
                return !status.get().contains("cut off");
            });
            assertThat(status.get())
                    .containsPattern("Node +State +Colo +Version +Address +Up +Store +Lag +Disks +Edge addresses\n")
                    .containsPattern("node-a +serving +LOC +\\S+ +" + address(a, "node-a")
                            + " +\\d+ (s|min \\d+ s) +[0-9a-f]{16} +\\d+ ms +2 +198\\.51\\.100\\.1\n")
                    .containsPattern("node-b \\(this\\) +serving +LOC +\\S+ +" + address(a, "node-b"));
        }
    }

    @Test
    void a_registered_node_that_has_not_been_seen_is_shown_as_cut_off_until_it_is_removed() {
        String address;
        try (TestNode a = first();
                TestNode b = TestNode.joined(config("node-b"), Clusters.invite(a))) {
            TestNode.await("both", () -> b.node().store().status().members() == 2);
            address = address(a, "node-b");
        }
        try (TestNode again = first()) {
            assertThat(again.get("/edge/nodes").results())
                    .filteredOn(node -> node.getString("id").equals("node-b"))
                    .singleElement()
                    .satisfies(node -> {
                        assertThat(node.getString("state")).isEqualTo("cut_off");
                        assertThat(node.getString("address")).isEqualTo(address);
                    });
            assertThat(status(again)).containsPattern("node-b +cut off +- +- +" + address);
            again.call("DELETE", "/edge/cluster/nodes/node-b", "");
            TestNode.await("it is removed", () -> state(again, "node-b").equals("not shown"));
        }
    }

    @Test
    void a_node_that_stops_is_shown_as_draining_while_it_lets_its_requests_end() throws Exception {
        try (TestNode a = first();
                TestNode b = TestNode.joined(config("node-b"), Clusters.invite(a))) {
            TestNode.await("both serve", () -> state(a, "node-b").equals("serving"));
            Thread stopping = Thread.ofPlatform().unstarted(b.node()::close);
            try (Socket request = halfRequest(b)) {
                stopping.start();
                TestNode.await("it drains", () -> state(a, "node-b").equals("draining"));
                assertThat(request.isConnected()).isTrue();
            }
            stopping.join();
            TestNode.await("it is gone", () -> state(a, "node-b").equals("cut_off"));
        }
    }

    /** A request whose body is still to come, taken up already: it came with another one, which is answered. */
    private static Socket halfRequest(TestNode node) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), node.admin().getPort());
        socket.setSoTimeout(60_000);
        String head = "GET /livez HTTP/1.1\r\nHost: node\r\n\r\n"
                + "POST /client/v4/zones HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer " + node.token()
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }
}
