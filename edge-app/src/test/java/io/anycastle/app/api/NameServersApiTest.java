package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.PublicDns;
import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Keys;
import io.anycastle.core.activation.CheckSchedule;
import io.anycastle.core.model.DomainName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zones that were added before the node's setting {@code zones.name-servers} was changed. */
final class NameServersApiTest {
    private static final String TAKE = "{\"nameservers\":{\"type\":\"cloudflare.standard\"}}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private TestNode start(String... servers) {
        List<DomainName> names = List.of(servers).stream().map(DomainName::of).toList();
        return TestNode.start(folder.resolve("node"), config -> config.with(Keys.NAME_SERVERS, names));
    }

    @Test
    void a_zone_takes_the_name_servers_that_the_node_has_now_by_the_api_and_by_the_command() {
        String zone;
        try (TestNode node = start("ns1.old.example")) {
            zone = node.addZone("api.test");
            node.addZone("command.test");
        }
        try (TestNode node = start("ns1.new.example", "ns2.new.example")) {
            String path = "/zones/" + zone + "/dns_settings";
            assertThat(node.dns("api.test", "NS")).isEqualTo("ns1.old.example.");
            JsonObject before = node.get(path).result();
            assertThat(node.call("PATCH", path, before.encode()).result()).isEqualTo(before);
            assertThat(node.dns("api.test", "NS")).isEqualTo("ns1.old.example.");

            Answer taken = node.call("PATCH", path, TAKE);
            assertThat(taken.status()).describedAs(taken.text()).isEqualTo(200);
            assertThat(taken.result().getJsonObject("soa").getString("mname")).isEqualTo("ns1.new.example");
            assertThat(node.dns("api.test", "NS")).isEqualTo("ns1.new.example. ns2.new.example.");
            assertThat(node.dns("api.test", "SOA")).startsWith("ns1.new.example. hostmaster.api.test. ");
            assertThat(node.get("/zones/" + zone).result().getJsonArray("name_servers"))
                    .isEqualTo(new JsonArray().add("ns1.new.example").add("ns2.new.example"));
            assertThat(node.call("PATCH", path, TAKE).header("ETag")).isEqualTo(taken.header("ETag"));

            Screen screen = node.screen(folder);
            assertThat(screen.run("zone", "set", "command.test", "--name-servers")
                            .out())
                    .contains("\"mname\":\"ns1.new.example\"");
            assertThat(node.dns("command.test", "NS")).isEqualTo("ns1.new.example. ns2.new.example.");
        }
        try (TestNode node = start("ns1.newer.example")) {
            assertThat(node.dns("api.test", "NS")).isEqualTo("ns1.new.example. ns2.new.example.");
        }
    }

    @Test
    void a_zone_with_other_name_servers_is_checked_for_them_soon_and_stays_active_until_they_are_seen() {
        try (PublicDns world = PublicDns.start()) {
            String waiting;
            String active;
            try (TestNode node = TestNode.start(folder.resolve("node"), config -> old(world, config))) {
                waiting = node.addZone("waiting.example");
                active = node.addZone("active.example");
                world.delegateToEdge("waiting.example");
                world.delegate("active.example", "ns1.old.example");
                node.call("PUT", "/zones/" + active + "/activation_check", "");
                TestNode.await("the zone is active", () -> status(node, active).equals("active"));
            }
            try (TestNode node = TestNode.start(folder.resolve("node"), world::checking)) {
                assertThat(status(node, waiting)).isEqualTo("pending");
                node.call("PATCH", "/zones/" + waiting + "/dns_settings", TAKE);
                TestNode.await("the zone is active", () -> status(node, waiting).equals("active"));

                node.call("PATCH", "/zones/" + active + "/dns_settings", TAKE);
                TestNode.await("more failures than a zone is moved after", () -> {
                    node.call("PUT", "/zones/" + active + "/activation_check", "");
                    return failures(node, active) > CheckSchedule.DEFAULTS.failuresMax();
                });
                assertThat(status(node, active)).isEqualTo("active");
            }
        }
    }

    private static EdgeConfig old(PublicDns world, EdgeConfig config) {
        return world.checking(config).with(Keys.NAME_SERVERS, List.of(DomainName.of("ns1.old.example")));
    }

    private static String status(TestNode node, String zone) {
        return node.get("/zones/" + zone).result().getString("status");
    }

    private static int failures(TestNode node, String zone) {
        return node.get("/zones/" + zone).result().getJsonObject("activation").getInteger("failures");
    }

    @Test
    void what_is_refused_says_how_a_zone_comes_by_its_name_servers() {
        try (TestNode node = start("ns1.edge.example")) {
            String zone = node.addZone("refused.test");
            Answer vanity = node.call("PATCH", "/zones/" + zone, "{\"vanity_name_servers\":[\"ns1.own.example\"]}");
            assertThat(vanity.status()).isEqualTo(400);
            assertThat(vanity.text()).contains("when it is added, and again by PATCH of its dns_settings");
        }
    }
}
