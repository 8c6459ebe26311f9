package io.anycastle.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.TestNode;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.lifecycle.EdgeNode;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real nodes that know each other by an invitation only. */
final class MembersTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private TestNode first() {
        return Clusters.start(folder, "node-a");
    }

    private static EdgeNode joined(EdgeConfig config, String token) {
        EdgeNode node = EdgeNode.start(config, Optional.of(token));
        awaitMembers(node, 2);
        return node;
    }

    private static void awaitMembers(EdgeNode node, int members) {
        TestNode.await(members + " members", () -> node.store().status().members() == members);
    }

    private static long count(EdgeNode node, String counter) {
        return node.membership().counters().all().getOrDefault(counter, 0L);
    }

    @Test
    void an_invited_node_joins_and_only_the_tunnel_connects_the_two() {
        EdgeConfig config = Clusters.config(folder, "node-b");
        try (TestNode first = first();
                EdgeNode second = joined(config, Clusters.invite(first))) {
            awaitMembers(first.node(), 2);
            assertThat(first.node().store().memberAddress().orElseThrow().getAddress())
                    .isEqualTo(InetAddress.ofLiteral("127.77.0.1"));
            assertThat(second.store().memberAddress().orElseThrow().getAddress())
                    .isEqualTo(InetAddress.ofLiteral("127.77.0.2"));
            assertThat(count(second, "connections_out") + count(second, "connections_in"))
                    .isPositive();
            assertThat(count(second, "bytes_in")).isPositive();
            assertThat(count(second, "bytes_out")).isPositive();
            assertThat(Clusters.state(first, "node-a")).isEqualTo("self");
            assertThat(Clusters.state(first, "node-b")).isEqualTo("connected");
            assertThat(first.get("/edge/status").result().getJsonObject("cluster"))
                    .isEqualTo(first.get("/edge/status")
                            .result()
                            .getJsonObject("cluster")
                            .copy()
                            .put("connected_nodes", 1)
                            .put("other_nodes", 1)
                            .put("number", 1));
        }
    }

    @Test
    void a_record_that_one_node_takes_is_answered_by_the_other() {
        EdgeConfig config = Clusters.config(folder, "node-b");
        try (TestNode first = first()) {
            first.addRecord(first.addZone("before.test"), "www", "A", "192.0.2.1");
            try (TestNode second = TestNode.joined(config, Clusters.invite(first))) {
                TestNode.await(
                        "the new node has what was there",
                        () -> second.dns("www.before.test", "A").equals("192.0.2.1"));
                second.addRecord(second.addZone("shared.test"), "www", "A", "192.0.2.2");
                TestNode.await(
                        "the first node answers it",
                        () -> first.dns("www.shared.test", "A").equals("192.0.2.2"));
            }
        }
    }

    @Test
    void a_member_that_was_away_comes_back_without_a_token() {
        EdgeConfig config = Clusters.config(folder, "node-b");
        try (TestNode first = first()) {
            joined(config, Clusters.invite(first)).close();
            awaitMembers(first.node(), 1);
            try (EdgeNode again = EdgeNode.start(config)) {
                awaitMembers(again, 2);
                awaitMembers(first.node(), 2);
            }
        }
    }

    @Test
    void a_node_starts_alone_while_the_others_are_away_and_they_find_it_later() {
        EdgeConfig configA = Clusters.config(folder, "node-a");
        EdgeConfig configB = Clusters.config(folder, "node-b");
        try (TestNode first = TestNode.start(folder.resolve("node-a"), config -> configA)) {
            joined(configB, Clusters.invite(first)).close();
        }
        try (EdgeNode second = EdgeNode.start(configB)) {
            awaitMembers(second, 1);
            try (EdgeNode first = EdgeNode.start(configA)) {
                awaitMembers(first, 2);
                awaitMembers(second, 2);
            }
        }
    }

    @Test
    void a_removed_node_is_cut_off_and_not_let_in_again() {
        EdgeConfig config = Clusters.config(folder, "node-b");
        try (TestNode first = first();
                LogWatch log = new LogWatch();
                EdgeNode second = joined(config, Clusters.invite(first))) {
            awaitMembers(first.node(), 2);
            assertThat(first.call("DELETE", "/edge/cluster/nodes/2", "")
                            .result()
                            .getString("state"))
                    .isEqualTo("removed");
            awaitMembers(first.node(), 1);
            awaitMembers(second, 1);
            assertThat(Clusters.state(first, "node-b")).isEqualTo("removed");
            assertThat(first.node().membership().status().getInteger("other_nodes"))
                    .isZero();
            TestNode.await("the removed node knows", () -> isToldThatItIsRemoved(second, log));
        }
    }

    /** It hears of its removal by the last change that reaches it, or by being refused. */
    private static boolean isToldThatItIsRemoved(EdgeNode node, LogWatch log) {
        return node.membership().status().getBoolean("removed")
                || log.has("refused this node: node node-b was removed from the cluster");
    }

    @Test
    void a_removed_node_may_come_back_by_a_new_invitation_with_a_new_number() {
        EdgeConfig config = Clusters.config(folder, "node-b");
        try (TestNode first = first()) {
            joined(config, Clusters.invite(first)).close();
            first.call("DELETE", "/edge/cluster/nodes/node-b", "");
            EdgeConfig fresh = Clusters.config(folder.resolve("new"), "node-b");
            try (EdgeNode second = joined(fresh, Clusters.invite(first))) {
                assertThat(second.store().memberAddress().orElseThrow().getAddress())
                        .isEqualTo(InetAddress.ofLiteral("127.77.0.3"));
            }
        }
    }

    @Test
    void a_node_does_not_remove_itself_or_one_that_is_not_there() {
        try (TestNode first = first()) {
            Clusters.invite(first);
            assertThat(first.call("DELETE", "/edge/cluster/nodes/1", "").text())
                    .contains("node node-a is the one that you ask");
            assertThat(first.call("DELETE", "/edge/cluster/nodes/nobody", "").text())
                    .contains("there is no node nobody");
        }
    }

    @Test
    void a_rotation_renews_all_certificates_and_cuts_nobody() throws Exception {
        EdgeConfig config = Clusters.config(folder, "node-b");
        try (TestNode first = first();
                EdgeNode second = joined(config, Clusters.invite(first))) {
            X509Certificate before =
                    Identity.load(folder.resolve("node-b")).orElseThrow().certificate();
            String stale = Clusters.invite(first);
            assertThat(first.post("/edge/cluster/rotation", new JsonObject())
                            .result()
                            .getString("old_trusted_until"))
                    .isNotEmpty();
            TestNode.await(
                    "both certificates are renewed",
                    () -> count(first.node(), "certificate_renewals") == 1
                            && count(second, "certificate_renewals") == 1);
            X509Certificate after =
                    Identity.load(folder.resolve("node-b")).orElseThrow().certificate();
            assertThat(after.getIssuerX500Principal()).isNotEqualTo(before.getIssuerX500Principal());
            assertThat(after.getPublicKey()).isEqualTo(before.getPublicKey());
            assertThat(second.store().status().members()).isEqualTo(2);
            ClusterConfig late = ClusterConfig.of(Clusters.config(folder, "late"));
            java.nio.file.Files.createDirectories(late.dataFolder());
            io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
            assertThat(new Joining(vertx, late, java.time.InstantSource.system()).join(stale, Optional.of("late")))
                    .singleElement()
                    .asString()
                    .contains("is not believed");
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
