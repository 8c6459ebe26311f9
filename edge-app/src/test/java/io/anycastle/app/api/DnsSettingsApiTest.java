package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a zone answers, set for itself by the API and seen in DNS. */
final class DnsSettingsApiTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static TestNode node;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static String plain;

    @BeforeAll
    static void start() {
        node = TestNode.start(folder);
        plain = node.addZone("plain.test");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Answer patch(String zone, String json) {
        return node.call("PATCH", "/zones/" + zone + "/dns_settings", json.replace('\'', '"'));
    }

    @Test
    void a_zone_without_settings_of_its_own_shows_those_of_the_node() {
        JsonObject settings = node.get("/zones/" + plain + "/dns_settings").result();
        assertThat(settings.getBoolean("flatten_all_cnames")).isFalse();
        assertThat(settings.getInteger("ns_ttl")).isEqualTo(86_400);
        assertThat(settings.getString("zone_mode")).isEqualTo("standard");
        assertThat(settings.getJsonObject("soa").getString("rname")).isEqualTo("hostmaster.plain.test");
        assertThat(settings.getJsonObject("soa").getInteger("min_ttl")).isEqualTo(1800);
    }

    @Test
    void what_is_set_is_kept_field_by_field_and_answered() {
        String zone = node.addZone("own.test");
        patch(zone, "{'ns_ttl':600,'soa':{'refresh':7200,'mname':'primary.own.test'}}");
        JsonObject settings =
                patch(zone, "{'soa':{'ttl':900},'flatten_all_cnames':true}").result();

        assertThat(settings.getBoolean("flatten_all_cnames")).isTrue();
        assertThat(settings.getInteger("ns_ttl")).isEqualTo(600);
        assertThat(settings.getJsonObject("soa").getInteger("refresh")).isEqualTo(7200);
        assertThat(node.dns("own.test", "SOA")).contains("primary.own.test.", " 7200 ");
        assertThat(node.get("/zones/" + zone + "/dns_settings").result()).isEqualTo(settings);
    }

    @Test
    void a_zone_in_dns_only_mode_answers_the_contents_of_its_proxied_records() {
        String zone = node.addZone("mode.test");
        node.post(
                "/zones/" + zone + "/dns_records",
                new JsonObject("{\"type\":\"A\",\"name\":\"www\",\"content\":\"192.0.2.44\",\"proxied\":true}"));
        assertThat(node.dns("www.mode.test", "A")).isEqualTo("198.51.100.1");

        patch(zone, "{'zone_mode':'dns_only'}");
        assertThat(node.dns("www.mode.test", "A")).isEqualTo("192.0.2.44");
        patch(zone, "{'zone_mode':'standard'}");
        assertThat(node.dns("www.mode.test", "A")).isEqualTo("198.51.100.1");
    }

    @Test
    void another_operators_name_servers_are_answered_beside_ours_only_while_the_setting_says_so() {
        String zone = node.addZone("multi.test");
        assertThat(node.post("/zones/" + zone + "/dns_records", ns()).codes()).contains(81056);
        patch(zone, "{'multi_provider':true}");
        assertThat(node.post("/zones/" + zone + "/dns_records", ns()).status()).isEqualTo(200);
        assertThat(node.dns("multi.test", "NS"))
                .isEqualTo("ns.other.example. ns1.anycastle.invalid. ns2.anycastle.invalid.");

        patch(zone, "{'multi_provider':false}");
        assertThat(node.dns("multi.test", "NS")).isEqualTo("ns1.anycastle.invalid. ns2.anycastle.invalid.");
        assertThat(node.call("PATCH", "/zones/" + zone, "{\"paused\":true}").status())
                .isEqualTo(200);
    }

    private static JsonObject ns() {
        return new JsonObject().put("type", "NS").put("name", "@").put("content", "ns.other.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'ns_ttl':29}                 | ns_ttl: expected a whole number from 30 to 86400, found 29
            {'soa':{'expire':1}}          | soa.expire: expected a whole number from 86400 to 2419200, found 1
            {'soa':{'mname':'a b'}}       | soa.mname: 'a b'
            {'zone_mode':'cdn_only'}      | zone_mode: cdn_only is what a zone of type partial is
            {'zone_mode':'x'}             | zone_mode: expected one of standard, dns_only, found 'x'
            {'foundation_dns':true}       | foundation_dns: is not there yet
            {'nameservers':{'type':'x'}}  | nameservers: cannot be changed here
            """)
    void what_no_node_can_do_is_refused_with_field_and_rule(String json, String rule) {
        Answer answer = patch(plain, json);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains(rule);
    }
}
