package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.PublicDns;
import io.anycastle.app.TestNode;
import io.anycastle.app.config.CheckKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.core.model.DomainName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How zones become active, as API clients see it; a node of its own stands for public DNS. */
final class ActivationApiTest {
    @AutoClose
    private static final PublicDns world = PublicDns.start();

    @AutoClose
    private static final TestNode node = TestNode.start(ActivationApiTest::checking);

    private static EdgeConfig checking(EdgeConfig config) {
        return world.checking(config).with(CheckKeys.PARTIAL_SUFFIX, Optional.of(DomainName.of("cdn.edge.example")));
    }

    private static String add(String name, String type) {
        Answer added = node.post("/zones", new JsonObject().put("name", name).put("type", type));
        assertThat(added.status()).isEqualTo(200);
        return added.result().getString("id");
    }

    private static JsonObject zone(String id) {
        return node.get("/zones/" + id).result();
    }

    private static JsonObject activation(String id) {
        return zone(id).getJsonObject("activation");
    }

    /** Asks for a check and waits for its outcome. */
    private static JsonObject checked(String id) {
        String before = activation(id).getString("checked_on");
        Answer asked = node.call("PUT", "/zones/" + id + "/activation_check", "");
        assertThat(asked.text()).startsWith("{\"result\":{\"id\":\"" + id + "\"}");
        TestNode.await("the check", () -> {
            String now = activation(id).getString("checked_on");
            return now != null && !now.equals(before);
        });
        return zone(id);
    }

    @Test
    void a_full_zone_is_active_once_its_delegation_is_ours_and_says_before_what_to_change() {
        String id = add("full.example", "full");
        node.addProxied(id, "www", "192.0.2.1");
        world.delegate("full.example", "ns2.edge.example", "a.old.example");
        assertThat(zone(id).getString("status")).isEqualTo("pending");
        assertThat(activation(id).getValue("result")).isNull();

        JsonObject elsewhere = checked(id);
        assertThat(elsewhere.getString("status")).isEqualTo("pending");
        assertThat(elsewhere.getJsonArray("original_name_servers")).isEqualTo(new JsonArray().add("a.old.example"));
        JsonObject activation = elsewhere.getJsonObject("activation");
        assertThat(activation.getString("result")).isEqualTo("partly");
        assertThat(activation.getJsonArray("found")).contains("a.old.example", "ns2.edge.example");
        assertThat(activation.getJsonArray("expected")).contains("ns1.edge.example", "ns2.edge.example");
        assertThat(activation.getString("advice"))
                .isEqualTo("at the registrar of full.example add ns1.edge.example and remove a.old.example");
        assertThat(node.dns("www.full.example", "A")).isEqualTo("192.0.2.1");

        world.delegateToEdge("full.example");
        JsonObject active = checked(id);
        assertThat(active.getString("status")).isEqualTo("active");
        assertThat(active.getValue("activated_on")).isNotNull();
        assertThat(active.getValue("original_name_servers")).isNull();
        assertThat(active.getJsonObject("activation").getValue("advice")).isNull();
        assertThat(node.dns("www.full.example", "A")).isEqualTo("198.51.100.1");
    }

    @Test
    void a_partial_zone_shows_its_txt_record_and_its_hosts_answer_below_the_suffix() {
        String id = add("partial.example", "partial");
        node.addProxied(id, "www", "192.0.2.1");
        JsonObject zone = zone(id);
        assertThat(zone.getString("type")).isEqualTo("partial");
        assertThat(zone.getString("status")).isEqualTo("pending");
        assertThat(zone.getString("verification_name")).isEqualTo("cloudflare-verify.partial.example");
        assertThat(zone.getString("verification_key")).matches("\\d{9,10}-\\d{9,10}");
        assertThat(zone.getString("cname_suffix")).isEqualTo("cdn.edge.example");
        world.delegate("partial.example", "ns.provider.example");
        assertThat(checked(id).getJsonObject("activation").getString("advice"))
                .isEqualTo(
                        "at the DNS provider of partial.example add TXT cloudflare-verify.partial.example with the value \""
                                + zone.getString("verification_key") + "\" and leave it there");

        world.text("partial.example", "anycastle-verify", zone.getString("verification_key"));
        assertThat(checked(id).getString("status")).isEqualTo("active");
        assertThat(node.dns("www.partial.example.cdn.edge.example", "A")).isEqualTo("198.51.100.1");
        assertThat(node.dns("www.partial.example", "A")).isEqualTo("REFUSED");

        node.call("PATCH", "/zones/" + id, "{\"paused\":true}");
        assertThat(node.dns("www.partial.example.cdn.edge.example", "A")).isEqualTo("192.0.2.1");
    }

    @Test
    void a_zone_that_changes_its_type_is_pending_until_it_is_seen_in_the_new_way() {
        String id = add("changing.example", "full");
        world.delegateToEdge("changing.example");
        assertThat(checked(id).getString("status")).isEqualTo("active");
        JsonObject partial =
                node.call("PATCH", "/zones/" + id, "{\"type\":\"partial\"}").result();
        assertThat(partial.getString("type")).isEqualTo("partial");
        assertThat(partial.getString("status")).isEqualTo("pending");
        assertThat(partial.getString("verification_key")).isNotEmpty();
        assertThat(partial.getJsonObject("activation").getValue("checked_on")).isNull();
        assertThat(node.dns("changing.example", "SOA")).isEqualTo("REFUSED");
        assertThat(checked(id).getString("status")).isEqualTo("pending");
        world.text("changing.example", "cloudflare-verify", partial.getString("verification_key"));
        assertThat(checked(id).getString("status")).isEqualTo("active");
        JsonObject full =
                node.call("PATCH", "/zones/" + id, "{\"type\":\"full\"}").result();
        assertThat(full.containsKey("verification_key")).isFalse();
        assertThat(full.getString("status")).isEqualTo("pending");
        assertThat(node.dns("changing.example", "NS")).contains("ns1.edge.example.");
        world.delegateToEdge("changing.example");
        assertThat(checked(id).getString("status")).isEqualTo("active");

        JsonObject vouched = node.call("PATCH", "/zones/" + id, "{\"type\":\"partial\",\"always_active\":true}")
                .result();
        assertThat(vouched.getString("status")).isEqualTo("active");
    }

    @Test
    void a_zone_that_is_always_active_is_not_asked_about() {
        JsonObject made = node.post(
                        "/zones", new JsonObject().put("name", "home.example").put("always_active", true))
                .result();
        assertThat(made.getString("status")).isEqualTo("active");
        assertThat(made.getJsonObject("activation")).isEqualTo(new JsonObject().put("mode", "always_active"));
        String id = made.getString("id");
        JsonObject back =
                node.call("PATCH", "/zones/" + id, "{\"always_active\":false}").result();
        assertThat(back.getString("status")).isEqualTo("active");
        assertThat(back.getJsonObject("activation").getString("mode")).isEqualTo("check");

        String pending = add("vouched.example", "full");
        JsonObject vouched = node.call("PATCH", "/zones/" + pending, "{\"always_active\":true}")
                .result();
        assertThat(vouched.getString("status")).isEqualTo("active");
        assertThat(vouched.getValue("activated_on")).isNotNull();
        assertThat(node.call("PATCH", "/zones/" + pending, "{\"always_active\":1}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void what_no_registrar_delegates_is_active_at_once() {
        assertThat(zone(add("corp.internal", "full")).getString("status")).isEqualTo("active");
        assertThat(activation(add("lab.internal", "full")).getString("mode")).isEqualTo("private");
    }

    @Test
    void a_check_that_is_asked_for_with_the_version_of_another_time_is_refused() {
        String id = add("race.example", "full");
        Answer refused = node.call("PUT", "/zones/" + id + "/activation_check", "", "If-Match", "\"77\"");
        assertThat(refused.status()).isEqualTo(412);
    }

    @Test
    void no_zone_can_be_made_below_the_suffix() {
        Answer refused = node.post("/zones", new JsonObject().put("name", "example.com.cdn.edge.example"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("zones.partial-suffix");
    }

    @Test
    void the_status_and_the_metrics_tell_how_checks_do() {
        String id = add("counted.example", "full");
        world.delegate("counted.example", "a.old.example");
        checked(id);
        JsonObject checks = node.get("/edge/status").result().getJsonObject("zone_checks");
        assertThat(checks.getBoolean("on")).isTrue();
        assertThat(checks.getBoolean("leading")).isTrue();
        assertThat(checks.getInteger("zones")).isPositive();
        TestNode.await(
                "it is counted",
                () -> node.bare("GET", "/metrics")
                        .text()
                        .lines()
                        .anyMatch(line -> line.startsWith("anycastle_zone_checks_total{result=\"elsewhere\"}")
                                && !line.endsWith(" 0.0")));
    }
}
