package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.anycastle.app.config.HostPort;
import io.anycastle.app.config.ProxyKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** How origins are asked, said of records and of whole zones by the API; and what other clients leave of it. */
final class OriginSettingsApiTest {
    private static final String SAID =
            "{'origin_port':3000,'origin_scheme':'http','origin_host':'app.internal','origin_sni':'app','origin_tls_verify':false,"
                    + "'routes':[{'path':'/api','origin':'192.0.2.20','port':8080}],'origin_weight':3,"
                    + "'origin_balance':'cookie_hash:sid','origin_fallback':{'origin':'192.0.2.30','scheme':'https'},"
                    + "'health_check':{'type':'http','expected_body':'a, b; c','path':'/up'},'origin_proxy_protocol':'v2'}";

    @AutoClose
    private static final TestNode node = TestNode.start(config -> config.with(
            ProxyKeys.ORIGIN_ADDRESS_MAP, // where health checks go, which nobody answers
            Map.of(InetAddress.ofLiteral("192.0.2.1"), new HostPort(InetAddress.getLoopbackAddress(), 1))));

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static String zone(String name) {
        return "/zones/" + node.addZone(name);
    }

    /** A proxied record of which all is said, by its path. */
    private static String asked(String zone, String name) {
        JsonObject record =
                new JsonObject(json("{'type':'A','content':'192.0.2.1','proxied':true,'settings':" + SAID + "}"));
        Answer made = node.post(zone + "/dns_records", record.put("name", name));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        return zone + "/dns_records/" + made.result().getString("id");
    }

    private static JsonObject settings(String record) {
        return node.get(record).result().getJsonObject("settings");
    }

    @Test
    void what_is_said_of_a_record_is_shown_changed_key_by_key_and_taken_back() {
        String record = asked(zone("said.test"), "www");
        assertThat(settings(record)).isEqualTo(new JsonObject(json(SAID)));
        Answer patched = node.call(
                "PATCH", record, json("{'settings':{'origin_port':3001.0,'origin_host':null,'origin_sni':'other'}}"));
        JsonObject expected =
                new JsonObject(json(SAID)).put("origin_port", 3001).put("origin_sni", "other");
        expected.remove("origin_host");
        assertThat(patched.result().getJsonObject("settings")).isEqualTo(expected);
        node.call("PUT", record, json("{'type':'A','name':'www','content':'192.0.2.9','settings':{'routes':null}}"));
        expected.remove("routes");
        assertThat(settings(record)).isEqualTo(expected);
        assertThat(node.get(record).result().getBoolean("proxied")).isFalse();
    }

    @Test
    void a_patch_that_says_how_an_origin_is_asked_leaves_the_switches_beside_it() {
        String zone = zone("switches.test");
        Answer made = node.call(
                "POST",
                zone + "/dns_records",
                json(
                        "{'name':'www','type':'CNAME','content':'x.example','proxied':true,'settings':{'ipv4_only':true}}"));
        String record = zone + "/dns_records/" + made.result().getString("id");
        node.call("PATCH", record, json("{'settings':{'origin_port':3000}}"));
        assertThat(settings(record))
                .isEqualTo(new JsonObject(json("{'flatten_cname':false,'ipv4_only':true,'origin_port':3000}")));
        node.call("PATCH", record, json("{'settings':{'ipv4_only':false}}"));
        assertThat(settings(record)).isEqualTo(new JsonObject(json("{'flatten_cname':false,'origin_port':3000}")));
    }

    /** As each client sends them for a record that it found there; {@code ID} stands for the record's. */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "client-bodies.csv", delimiter = '|', quoteCharacter = '`')
    void what_clients_send_that_know_nothing_of_it_leaves_it_as_it_is(
            String client, String method, String path, String body) {
        String zone = zone(client + ".test");
        String record = asked(zone, "www");
        String id = record.substring(record.lastIndexOf('/') + 1);
        JsonObject before = settings(record);
        Answer answer = node.call(
                method,
                path.equals("record") ? record : zone + "/dns_records/" + path,
                body.replace("ID", id).replace("ZONE", client + ".test"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(node.get(record).result().getString("content")).isEqualTo("192.0.2.77");
        assertThat(settings(record)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'origin_port':70000}                                   | /settings/origin_port
            {'origin_scheme':'gopher'}                              | /settings/origin_scheme
            {'origin_host':'a b'}                                   | /settings/origin_host
            {'origin_sni':7}                                        | /settings/origin_sni
            {'origin_tls_verify':'yes'}                             | /settings/origin_tls_verify
            {'origin_ca':'none'}                                    | /settings/origin_ca
            {'origin_weight':1.5}                                   | /settings/origin_weight
            {'origin_balance':'first'}                              | /settings/origin_balance
            {'origin_fallback':{'origin':'198.51.100.1'}}           | /settings/origin_fallback/origin
            {'health_check':{'type':'http','path':'up'}}            | /settings/health_check/path
            {'routes':[{'path':'/a','origin':'198.51.100.1'}]}      | /settings/routes/0/origin
            {'routes':[{'path':'a','origin':'192.0.2.1','port':0}]} | /settings/routes/0/path /settings/routes/0/port
            """)
    void what_makes_no_sense_is_refused_with_its_place_and_nothing_is_stored(String settings, String pointers) {
        String zone = zone("refused" + Integer.toHexString(settings.hashCode()) + ".test");
        Answer refused = node.call(
                "POST",
                zone + "/dns_records",
                json("{'name':'www','type':'A','content':'192.0.2.1','settings':" + settings + "}"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.codes()).containsOnly(1004);
        assertThat(refused.pointers()).containsExactly(pointers.split(" "));
        assertThat(node.get(zone + "/dns_records").results()).isEmpty();
        String record = asked(zone, "www");
        node.call("PATCH", record, json("{'content':'192.0.2.9','settings':" + settings + "}"));
        assertThat(node.get(record).result().getString("content")).isEqualTo("192.0.2.1");
        assertThat(settings(record)).isEqualTo(new JsonObject(json(SAID)));
    }

    @Test
    void a_zone_shows_its_settings_and_changes_them_one_by_one_or_several_at_once() {
        String zone = zone("settings.test");
        String path = zone + "/settings";
        List<JsonObject> all = node.get(path).results();
        assertThat(all)
                .extracting(setting -> setting.getString("id"))
                .containsExactly(
                        "ssl",
                        "client_ports",
                        "origin_error_page_pass_thru",
                        "origin_port",
                        "origin_scheme",
                        "origin_host",
                        "origin_sni",
                        "origin_tls_verify",
                        "origin_ca",
                        "routes",
                        "origin_weight",
                        "origin_balance",
                        "origin_fallback",
                        "health_check",
                        "origin_proxy_protocol");
        assertThat(all.getFirst().encode())
                .isEqualTo(json("{'id':'ssl','value':'full','editable':true,'modified_on':null}"));
        Answer strict = node.call("PATCH", path + "/ssl", json("{'value':'strict'}"));
        assertThat(strict.result().getString("value")).isEqualTo("strict");
        assertThat(strict.result().getString("modified_on")).matches("\\d{4}-.*Z");
        Answer several = node.call(
                "PATCH",
                path,
                json("{'items':[{'id':'ssl','value':null},{'id':'origin_port','value':8443},"
                        + "{'id':'routes','value':[{'path':'/a/','origin':'192.0.2.2'}]}]}"));
        assertThat(several.results())
                .extracting(setting -> setting.getValue("value"))
                .containsExactly("full", 8443, new JsonArray(json("[{'path':'/a','origin':'192.0.2.2'}]")));
        assertThat(node.get(path + "/origin_port").result().getInteger("value")).isEqualTo(8443);
        node.call("PATCH", path + "/origin_port", json("{'value':null}"));
        assertThat(node.get(path + "/origin_port").result().getValue("value")).isNull();
        assertThat(node.get(path + "/routes").result().getJsonArray("value")).hasSize(1);
        Answer late = node.call("PATCH", path + "/ssl", json("{'value':'off'}"), "If-Match", "\"1\"");
        assertThat(late.status()).isEqualTo(412);
        assertThat(node.get(path).header("ETag")).isEqualTo(node.get(zone).header("ETag"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /ssl         | {'value':'tight'}     | /ssl         | expected one of off, flexible, full, strict, origin_pull
            /ssl         | {}                    | /value       | is required
            /origin_error_page_pass_thru | {'value':true} | /origin_error_page_pass_thru | expected on or off
            /origin_port | {'value':'x'}         | /origin_port | expected a whole number from 1 to 65535
            /client_ports | {'value':[0]}       | /client_ports | expected a list of 1 to 100 ports, each from 1 to 65535
            /client_ports | {'value':443}       | /client_ports | expected a list of 1 to 100 ports
            /origin_balance | {'value':'random'} | /origin_balance | expected one of round_robin, least_outstanding
            /routes      | {'value':[{}]}        | /routes/0/path /routes/0/origin | expected a path like /api
            ``           | {}                    | /items       | is required
            ``           | {'items':[{'id':'min_tls_version','value':'1.2'}]} | /items/0/id | no such setting
            ``           | {'items':[{'id':'origin_port'}]} | /items/0/value | is required
            """)
    void a_setting_that_makes_no_sense_is_refused_and_none_is_changed(
            String path, String body, String pointers, String rule) {
        String zone = zone("nonsense" + Integer.toHexString((path + body).hashCode()) + ".test");
        Answer refused = node.call("PATCH", zone + "/settings" + (path == null ? "" : path), json(body));
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.pointers()).containsExactly(pointers.split(" "));
        assertThat(refused.text()).contains(rule);
        assertThat(node.get(zone).header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void the_ports_of_a_zone_are_set_and_given_back() {
        String setting = zone("ports.test") + "/settings/client_ports";
        assertThat(node.get(setting).result().getValue("value")).isNull();
        Answer set = node.call("PATCH", setting, json("{'value':[8443,443.0,443]}"));
        assertThat(set.result().getJsonArray("value")).containsExactly(443, 8443);
        node.call("PATCH", setting.replace("client_ports", "ssl"), json("{'value':'strict'}"));
        assertThat(node.get(setting).result().getJsonArray("value")).containsExactly(443, 8443);
        node.call("PATCH", setting, json("{'value':null}"));
        assertThat(node.get(setting).result().getValue("value")).isNull();
    }

    @Test
    void a_setting_that_is_not_there_is_no_route() {
        String zone = zone("unknown.test");
        assertThat(node.get(zone + "/settings/min_tls_version").codes()).containsExactly(7003, 7000);
        assertThat(node.call("PATCH", zone + "/settings/http3", "{\"value\":\"on\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_zone_that_demands_tls_and_records_without_it_refuse_each_other() {
        String zone = zone("strict.test");
        String record = asked(zone, "www");
        Answer refused = node.call("PATCH", zone + "/settings/ssl", json("{'value':'strict'}"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.pointers()).containsExactly("/ssl");
        assertThat(refused.text()).contains("www.strict.test A 192.0.2.1");
        assertThat(node.get(zone + "/settings/ssl").result().getString("value")).isEqualTo("full");

        node.call("PATCH", record, json("{'settings':{'origin_scheme':'https'}}"));
        assertThat(node.call("PATCH", zone + "/settings/ssl", json("{'value':'strict'}"))
                        .status())
                .isEqualTo(200);
        Answer without = node.call("PATCH", record, json("{'settings':{'origin_scheme':'http'}}"));
        assertThat(without.pointers()).containsExactly("/settings/origin_scheme");
        assertThat(without.text()).contains("in a zone whose TLS mode is strict origins are asked in TLS");
        Answer all = node.call("PATCH", zone + "/settings/origin_scheme", json("{'value':'h2c'}"));
        assertThat(all.pointers()).containsExactly("/origin_scheme");
    }

    @Test
    void an_export_says_it_in_tags_and_an_import_takes_it_from_them() {
        String zone = zone("exported.test");
        asked(zone, "www");
        String export = node.export(zone.substring("/zones/".length()));
        assertThat(export)
                .contains(
                        "cf_tags=cf-proxied:true,edge-origin-port:3000,edge-origin-scheme:http,edge-origin-host:app.internal,"
                                + "edge-origin-sni:app,edge-origin-tls-verify:false,edge-origin-weight:3,edge-origin-balance:cookie_hash:sid,"
                                + "edge-origin-fallback:https://192.0.2.30,"
                                + "edge-health-check:http/up;body=a%2C%20b%3B%20c,edge-origin-proxy-protocol:v2,"
                                + "edge-route:/api=192.0.2.20:8080\n");
        String other = zone("imported.test");
        Answer imported =
                node.importFile(other.substring("/zones/".length()), export.replace("exported", "imported"), false);
        assertThat(imported.status()).as(imported.text()).isEqualTo(200);
        assertThat(node.get(other + "/dns_records").results().getFirst().getJsonObject("settings"))
                .isEqualTo(new JsonObject(json(SAID)));
    }
}
