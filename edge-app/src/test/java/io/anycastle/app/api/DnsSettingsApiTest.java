package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** How a zone answers, set for itself by the API and seen in DNS. */
final class DnsSettingsApiTest {
    @AutoClose
    private static final TestNode node = TestNode.start();

    private static final String plain = node.addZone("plain.test");

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
        patch(zone, "{'soa':{'rname':'john\\\\.doe.own.test'}}");
        assertThat(node.export(zone))
                .containsPattern(
                        "own\\.test\\.\t900\tIN\tSOA\tprimary\\.own\\.test\\. john\\\\\\.doe\\.own\\.test\\. [0-9]+ 7200 ")
                .contains("own.test.\t600\tIN\tNS\t");
    }

    @Test
    void fields_that_many_clients_set_at_the_same_moment_are_all_kept() throws Exception {
        String zone = node.addZone("together.test");
        List<Callable<Answer>> patches = Stream.of(
                        "{'ns_ttl':600}",
                        "{'flatten_all_cnames':true}",
                        "{'multi_provider':true}",
                        "{'zone_mode':'dns_only'}",
                        "{'soa':{'refresh':7200}}",
                        "{'soa':{'expire':86402}}",
                        "{'soa':{'min_ttl':63}}",
                        "{'soa':{'ttl':304}}")
                .map(json -> (Callable<Answer>) () -> patch(zone, json))
                .toList();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : clients.invokeAll(patches)) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        }
        JsonObject settings = node.get("/zones/" + zone + "/dns_settings").result();
        assertThat(settings.getInteger("ns_ttl")).isEqualTo(600);
        assertThat(settings.getBoolean("flatten_all_cnames")).isTrue();
        assertThat(settings.getBoolean("multi_provider")).isTrue();
        assertThat(settings.getString("zone_mode")).isEqualTo("dns_only");
        assertThat(settings.getJsonObject("soa").getMap())
                .containsAllEntriesOf(Map.of("refresh", 7200, "expire", 86_402, "min_ttl", 63, "ttl", 304));
    }

    @Test
    void settings_are_changed_only_on_the_version_that_the_client_demands() {
        String zone = node.addZone("demanded.test");
        String path = "/zones/" + zone + "/dns_settings";
        String etag = node.get(path).header("ETag");
        assertThat(node.call("PATCH", path, "{\"ns_ttl\":600}", "If-Match", etag)
                        .status())
                .isEqualTo(200);
        Answer late = node.call("PATCH", path, "{\"ns_ttl\":900}", "If-Match", etag);
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.header("ETag")).isEqualTo(node.get(path).header("ETag"));
        assertThat(node.get(path).result().getInteger("ns_ttl")).isEqualTo(600);
    }

    @Test
    void a_zone_in_dns_only_mode_answers_the_contents_of_its_proxied_records() {
        String zone = node.addZone("mode.test");
        node.addProxied(zone, "www", "192.0.2.44");
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

    @Test
    void every_field_of_the_soa_and_the_ttl_of_the_ns_set_are_answered_as_they_are_set() {
        String zone = node.addZone("fields.test");
        patch(
                zone,
                "{'ns_ttl':77,'soa':{'mname':'primary.fields.test','rname':'keeper.fields.test','refresh':7201,"
                        + "'retry':3601,'expire':86402,'min_ttl':63,'ttl':304}}");
        Record soa = record("fields.test", Type.SOA);
        assertThat(soa.getTTL()).isEqualTo(304);
        assertThat(soa.rdataToString())
                .startsWith("primary.fields.test. keeper.fields.test. ")
                .endsWith(" 7201 3601 86402 63");
        assertThat(record("fields.test", Type.NS).getTTL()).isEqualTo(77);

        patch(zone, "{'ns_ttl':null,'soa':{'refresh':null,'mname':null}}");
        assertThat(record("fields.test", Type.SOA).rdataToString())
                .startsWith("ns1.anycastle.invalid. keeper.fields.test. ")
                .endsWith(" 10000 3601 86402 63");
        assertThat(record("fields.test", Type.NS).getTTL()).isEqualTo(86_400);

        patch(zone, "{'soa':null}");
        assertThat(record("fields.test", Type.SOA).rdataToString())
                .startsWith("ns1.anycastle.invalid. hostmaster.fields.test. ")
                .endsWith(" 10000 2400 604800 1800");
    }

    private static Record record(String name, int type) {
        return node.ask(name, Type.string(type)).getSection(Section.ANSWER).getFirst();
    }

    @Test
    void where_all_cnames_are_flattened_the_addresses_at_their_ends_are_answered_until_that_is_switched_off() {
        String far = node.addZone("far.test");
        node.addRecord(far, "host", "A", "192.0.2.77");
        String zone = node.addZone("flat.test");
        node.addRecord(zone, "alias", "CNAME", "host.far.test");
        assertThat(node.dns("alias.flat.test", "A")).isEqualTo("192.0.2.77 host.far.test.");
        patch(zone, "{'flatten_all_cnames':true}");
        TestNode.await(
                "the addresses are answered",
                () -> node.dns("alias.flat.test", "A").equals("192.0.2.77"));
        patch(zone, "{'flatten_all_cnames':false}");
        assertThat(node.dns("alias.flat.test", "A")).isEqualTo("192.0.2.77 host.far.test.");
    }

    @Test
    void what_was_read_can_be_sent_back_whole() {
        String zone = node.addZone("back.test");
        JsonObject read = node.get("/zones/" + zone + "/dns_settings").result();
        Answer answer = patch(zone, read.encode());
        assertThat(answer.status()).describedAs(answer.text()).isEqualTo(200);
        assertThat(answer.result()).isEqualTo(read);
    }

    @Test
    void a_partial_zone_is_in_cdn_only_mode() {
        String zone = node.post("/zones", new JsonObject("{\"name\":\"partial.test\",\"type\":\"partial\"}"))
                .result()
                .getString("id");
        assertThat(node.get("/zones/" + zone + "/dns_settings").result().getString("zone_mode"))
                .isEqualTo("cdn_only");
        assertThat(patch(zone, "{'zone_mode':'dns_only'}").result().getString("zone_mode"))
                .isEqualTo("dns_only");
        assertThat(patch(zone, "{'zone_mode':'cdn_only'}").result().getString("zone_mode"))
                .isEqualTo("cdn_only");
    }

    @Test
    void all_mistakes_are_told_at_once_and_nothing_is_changed() {
        String zone = node.addZone("mistakes.test");
        JsonObject before = node.get("/zones/" + zone + "/dns_settings").result();
        Answer answer = patch(
                zone,
                "{'flatten_all_cnames':true,'ns_ttl':29,'zone_mode':'x','soa':{'expire':1,'rname':'a b','ttl':'soon'},'typo':1}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers())
                .containsExactlyInAnyOrder("/typo", "/ns_ttl", "/soa/rname", "/soa/expire", "/soa/ttl", "/zone_mode");
        assertThat(node.get("/zones/" + zone + "/dns_settings").result()).isEqualTo(before);
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
            {'secondary_overrides':true}  | secondary_overrides: is not there yet
            {'nameservers':{'type':'x'}}  | nameservers.type: expected custom.account, which leaves
            {'nameservers':{'ns_set':2}}  | nameservers.ns_set: expected 1
            {'internal_dns':{'reference_zone_id':'9'}} | internal_dns.reference_zone_id: internal zones are not there yet
            {'flatten_all_cname':true}    | flatten_all_cname: no such field; did you mean 'flatten_all_cnames'?
            {'soa':{'minimum':60}}        | soa.minimum: no such field
            {'soa':{'refresh':1200}}      | soa.retry: 2400 is above refresh, which is 1200
            {'multi_provider':'yes'}      | multi_provider: expected true or false, found 'yes'
            """)
    void what_no_node_can_do_is_refused_with_field_and_rule(String json, String rule) {
        Answer answer = patch(plain, json);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains(rule);
    }
}
