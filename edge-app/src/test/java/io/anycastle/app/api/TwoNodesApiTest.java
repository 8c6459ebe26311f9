package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.FreePort;
import io.anycastle.app.PublicDns;
import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen;
import io.anycastle.app.cluster.Clusters;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.HostPort;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two real nodes tell about each other through the admin API. */
final class TwoNodesApiTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final List<HostPort> ports = List.of(FreePort.find(), FreePort.find());

    private TestNode start(int index) {
        return TestNode.start(folder.resolve("node" + index), config -> plain(config, index));
    }

    private EdgeConfig plain(EdgeConfig config, int index) {
        return Clusters.plain(config, ports, index);
    }

    private static void awaitTogether(TestNode a, TestNode b) {
        TestNode.await(
                "two members",
                () -> a.node().store().status().members() == 2
                        && b.node().store().status().members() == 2);
        TestNode.awaitSame(a, b);
    }

    @Test
    void a_change_through_either_node_is_answered_by_both_and_each_shows_the_other() {
        try (TestNode a = start(0);
                TestNode b = start(1)) {
            awaitTogether(a, b);
            String zone = a.addZone("both.test");
            TestNode.await(
                    "the zone on both",
                    () -> b.node().store().view().get().zoneById(zone).isPresent());
            Answer added = b.post(
                    "/zones/" + zone + "/dns_records",
                    new JsonObject().put("name", "www").put("type", "A").put("content", "192.0.2.7"));
            assertThat(added.header("Anycastle-Disks")).isEqualTo("2");
            assertThat(b.dns("www.both.test", "A")).isEqualTo("192.0.2.7");
            TestNode.await(
                    "the answer of the other", () -> a.dns("www.both.test", "A").equals("192.0.2.7"));
            awaitTogether(a, b);
            List<JsonObject> nodes = new ArrayList<>();
            TestNode.await("both serve", () -> {
                nodes.clear();
                nodes.addAll(a.get("/edge/nodes").results());
                return nodes.stream().allMatch(node -> node.getString("state").equals("serving"));
            });
            assertThat(nodes).hasSize(2).allSatisfy(node -> {
                assertThat(node.getString("colo")).isEqualTo("LOC");
                assertThat(node.getString("version")).isNotEmpty();
                assertThat(node.getJsonArray("edge_addresses")).containsExactly("198.51.100.1");
            });
            assertThat(nodes.get(0).getString("store_digest"))
                    .isEqualTo(nodes.get(1).getString("store_digest"));
            assertThat(nodes.get(1).getInteger("last_change_disks")).isEqualTo(2);
        }
    }

    @Test
    void a_node_that_left_is_shown_as_cut_off_and_the_switches_work_without_it() {
        try (TestNode a = start(0)) {
            String zone;
            try (TestNode b = start(1)) {
                awaitTogether(a, b);
                zone = a.addZone("alone.test");
                a.addProxied(zone, "www", "192.0.2.7");
                awaitTogether(a, b);
            }
            TestNode.await("alone", () -> a.node().store().status().members() == 1);
            assertThat(a.get("/edge/nodes").results())
                    .filteredOn(node -> node.getString("id").equals("node-1"))
                    .singleElement()
                    .satisfies(node -> assertThat(node.getString("state")).isEqualTo("cut_off"));
            assertThat(a.dns("www.alone.test", "A")).isEqualTo("198.51.100.1");
            a.call("PATCH", "/accounts/self/dns_settings", "{\"enforce_dns_only\":true}");
            assertThat(a.dns("www.alone.test", "A")).isEqualTo("192.0.2.7");
            a.call("PATCH", "/accounts/self/dns_settings", "{\"enforce_dns_only\":false}");
            assertThat(a.dns("www.alone.test", "A")).isEqualTo("198.51.100.1");
            a.call("PATCH", "/zones/" + zone, "{\"paused\":true}");
            assertThat(a.dns("www.alone.test", "A")).isEqualTo("192.0.2.7");
            try (TestNode b = start(1)) {
                awaitTogether(a, b);
                assertThat(b.dns("www.alone.test", "A")).isEqualTo("192.0.2.7");
                assertThat(b.get("/accounts/self/dns_settings").result().getBoolean("enforce_dns_only"))
                        .isFalse();
            }
        }
    }

    @Test
    void what_lost_in_a_merge_is_listed_and_applied_again() {
        String zone;
        String record;
        try (TestNode a = start(0);
                TestNode b = start(1)) {
            awaitTogether(a, b);
            zone = a.addZone("split.test");
            record = a.addRecord(zone, "www", "A", "192.0.2.1").getString("id");
            awaitTogether(a, b);
        }
        String path = "/zones/" + zone + "/dns_records/" + record;
        try (TestNode a = start(0)) {
            a.call("PATCH", path, "{\"content\":\"192.0.2.2\"}");
        }
        try (TestNode b = start(1)) {
            b.call("PATCH", path, "{\"content\":\"192.0.2.3\"}");
            try (TestNode a = start(0)) {
                awaitTogether(a, b);
                assertThat(a.dns("www.split.test", "A")).isEqualTo("192.0.2.3");
                JsonObject conflict = a.get("/edge/conflicts").results().getFirst();
                assertThat(conflict.getString("lost_node")).isEqualTo("node-0");
                assertThat(conflict.getString("won_node")).isEqualTo("node-1");
                assertThat(conflict.getJsonArray("records").getJsonObject(0).getString("content"))
                        .isEqualTo("192.0.2.2");
                Screen screen = b.screen(folder);
                assertThat(screen.run("conflicts", "list").out())
                        .containsPattern(conflict.getString("id")
                                + " +split\\.test +A www\\.split\\.test 192\\.0\\.2\\.2 +node-0 +\\S+ +node-1");
                assertThat(screen.run("conflicts", "apply", conflict.getString("id"))
                                .out())
                        .contains("Applied.");
                awaitTogether(a, b);
                assertThat(a.dns("www.split.test", "A")).isEqualTo("192.0.2.2");
                assertThat(a.get("/edge/conflicts").results()).isEmpty();
                assertThat(a.call("DELETE", "/edge/conflicts/none", "").status())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void how_origins_are_asked_is_merged_after_a_cut_and_what_lost_of_it_is_applied_again() {
        String zone;
        String both;
        String onA;
        try (TestNode a = start(0);
                TestNode b = start(1)) {
            awaitTogether(a, b);
            zone = "/zones/" + a.addZone("asked.test");
            both = zone + "/dns_records/"
                    + a.addRecord(zone.substring("/zones/".length()), "both", "A", "192.0.2.1")
                            .getString("id");
            onA = zone + "/dns_records/"
                    + a.addRecord(zone.substring("/zones/".length()), "a", "A", "192.0.2.2")
                            .getString("id");
            awaitTogether(a, b);
        }
        try (TestNode a = start(0)) {
            a.call("PATCH", both, "{\"settings\":{\"origin_port\":3000}}");
            a.call("PATCH", onA, "{\"settings\":{\"origin_scheme\":\"http\"}}");
        }
        try (TestNode b = start(1)) {
            b.call("PATCH", both, "{\"settings\":{\"origin_host\":\"app\"}}");
            b.call("PATCH", zone + "/settings/origin_port", "{\"value\":8443}");
            try (TestNode a = start(0)) {
                awaitTogether(a, b);
                assertThat(a.get(both).result().getJsonObject("settings").encode())
                        .isEqualTo("{\"origin_host\":\"app\"}");
                assertThat(b.get(onA).result().getJsonObject("settings").encode())
                        .isEqualTo("{\"origin_scheme\":\"http\"}");
                assertThat(a.get(zone + "/settings/origin_port").result().getInteger("value"))
                        .isEqualTo(8443);
                String conflict = a.get("/edge/conflicts").results().getFirst().getString("id");
                assertThat(a.call("POST", "/edge/conflicts/" + conflict + "/apply", "")
                                .status())
                        .isEqualTo(200);
                awaitTogether(a, b);
                assertThat(b.get(zone + "/dns_records?name=both.asked.test")
                                .results()
                                .getFirst()
                                .getJsonObject("settings")
                                .encode())
                        .isEqualTo("{\"origin_port\":3000}");
            }
        }
    }

    @Test
    void settings_of_one_zone_that_are_changed_on_both_nodes_at_the_same_moment_are_all_kept() throws Exception {
        try (TestNode a = start(0);
                TestNode b = start(1);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            awaitTogether(a, b);
            String path = "/zones/" + a.addZone("shared.test") + "/dns_settings";
            awaitTogether(a, b);
            for (int ttl = 601; ttl < 606; ttl++) {
                String onA = "{\"ns_ttl\":" + ttl + "}";
                String onB = "{\"soa\":{\"min_ttl\":" + ttl + "}}";
                List<Callable<Answer>> both =
                        List.of(() -> a.call("PATCH", path, onA), () -> b.call("PATCH", path, onB));
                for (Future<Answer> answer : clients.invokeAll(both)) {
                    assertThat(answer.get().status()).isEqualTo(200);
                }
                awaitTogether(a, b);
                JsonObject settings = b.get(path).result();
                assertThat(settings.getInteger("ns_ttl")).isEqualTo(ttl);
                assertThat(settings.getJsonObject("soa").getInteger("min_ttl")).isEqualTo(ttl);
            }
        }
    }

    @Test
    void a_check_that_is_asked_for_on_either_node_is_made_by_one_and_known_to_both() {
        try (PublicDns world = PublicDns.start();
                TestNode a = TestNode.start(folder.resolve("node0"), config -> world.checking(plain(config, 0)));
                TestNode b = TestNode.start(folder.resolve("node1"), config -> world.checking(plain(config, 1)))) {
            awaitTogether(a, b);
            for (TestNode asked : List.of(a, b)) {
                String name = asked == a ? "first.example" : "second.example";
                world.delegateToEdge(name);
                String zone = asked.addZone(name);
                asked.call("PUT", "/zones/" + zone + "/activation_check", "");
                TestNode.await("active on both", () -> isActive(a, zone) && isActive(b, zone));
            }
            TestNode.await("both are counted", () -> checks(a) + checks(b) == 2);
            assertThat(List.of(checks(a), checks(b))).contains(0L);
        }
    }

    private static boolean isActive(TestNode node, String zone) {
        Answer answer = node.get("/zones/" + zone);
        return answer.status() == 200 && answer.result().getString("status").equals("active");
    }

    private static long checks(TestNode node) {
        return node.bare("GET", "/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("anycastle_zone_checks_total{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf("} ") + 2)))
                .sum();
    }
}
