package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.FreePort;
import io.anycastle.app.TestNode;
import io.anycastle.app.api.TailApiTest.Follower;
import io.anycastle.app.cluster.Clusters;
import io.anycastle.app.config.AccessLogKeys;
import io.anycastle.app.config.HostPort;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The requests of two nodes, followed on one of them. */
final class TailNodesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final List<HostPort> ports = List.of(FreePort.find(), FreePort.find());

    private TestNode start(int index) {
        return TestNode.start(
                folder.resolve("node" + index),
                config -> Clusters.plain(config, ports, index).with(AccessLogKeys.TAIL_READERS, index == 0 ? 8 : 1));
    }

    private static void awaitTogether(TestNode a, TestNode b) {
        TestNode.await(
                "two members",
                () -> a.node().store().status().members() == 2
                        && b.node().store().status().members() == 2);
        TestNode.awaitSame(a, b);
    }

    /** Visits the node until that is seen, since its log is followed a moment later than the first one's. */
    private static void assertSeen(Follower follower, TestNode visited, String node) {
        CompletableFuture<JsonObject> seen = CompletableFuture.supplyAsync(() -> {
            try {
                return new JsonObject(follower.next(".*\"node\":\"" + node + "\".*"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        TestNode.await("a line of " + node, () -> {
            try {
                TailApiTest.visit(visited, "x.nodes.test", "/seen");
            } catch (IOException e) {
                return false;
            }
            return seen.isDone();
        });
        assertThat(seen.join().getString("path")).isEqualTo("/seen");
    }

    @Test
    void one_who_follows_sees_each_node_as_long_as_it_is_there_and_leaves_all() throws Exception {
        try (TestNode a = start(0)) {
            String zone;
            TestNode first = start(1);
            try (first) {
                awaitTogether(a, first);
                zone = "/zones/" + a.addZone("nodes.test");
                TestNode.awaitSame(a, first);
                Follower early = Follower.of(a, zone + "/tail?path=/seen");
                try (early) {
                    assertSeen(early, first, "node-1");
                    assertSeen(early, a, "node-0");
                }
                TestNode.await("the reader has left the other node", () -> hasRoom(first, zone));
            }
            try (Follower follower = Follower.of(a, zone + "/tail?path=/seen")) {
                assertSeen(follower, a, "node-0");
                try (TestNode again = start(1)) {
                    awaitTogether(a, again);
                    assertSeen(follower, again, "node-1");
                    assertSeen(follower, a, "node-0");
                }
                assertSeen(follower, a, "node-0");
            }
        }
    }

    private static boolean hasRoom(TestNode node, String zone) {
        try (Follower follower = Follower.of(node, zone + "/tail")) {
            return follower.next("HTTP/1.1 .*").equals("HTTP/1.1 200 OK");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void a_node_without_room_for_the_reader_is_named() throws Exception {
        try (TestNode a = start(0);
                TestNode b = start(1)) {
            awaitTogether(a, b);
            String zone = "/zones/" + a.addZone("nodes.test");
            TestNode.awaitSame(a, b);
            try (Follower own = Follower.of(b, zone + "/tail")) {
                assertThat(own.next("HTTP/1.1 .*")).isEqualTo("HTTP/1.1 200 OK");
                assertThat(own.next("1")).isEqualTo("1"); // it follows
                try (Follower follower = Follower.of(a, zone + "/tail")) {
                    JsonObject told = new JsonObject(follower.next("\\{\"tail\".*"));
                    assertThat(told.getJsonObject("tail").getJsonArray("without"))
                            .containsExactly("node-1");
                }
            }
        }
    }
}
