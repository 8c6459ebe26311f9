package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The calls on zones, and the rules that hold for every call. */
final class ZoneApiTest {
    private static final String UNKNOWN = "0123456789abcdef0123456789abcdef";

    @AutoClose
    private static final TestNode node = TestNode.start();

    private static final String zone = node.addZone("zones.test");

    static {
        node.addZone("dev.example");
        node.addZone("devel.example");
    }

    @Test
    void a_zone_has_every_field_that_clients_read_and_the_id_comes_first() {
        Answer answer = node.get("/zones/" + zone);
        assertThat(answer.text()).startsWith("{\"result\":{\"id\":\"" + zone + "\",\"name\":\"zones.test\"");
        assertThat(answer.text()).endsWith("\"success\":true,\"errors\":[],\"messages\":[]}");
        assertThat(answer.result().fieldNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "name",
                        "status",
                        "paused",
                        "type",
                        "development_mode",
                        "name_servers",
                        "original_name_servers",
                        "original_registrar",
                        "original_dnshost",
                        "modified_on",
                        "created_on",
                        "activated_on",
                        "vanity_name_servers",
                        "meta",
                        "owner",
                        "account",
                        "tenant",
                        "tenant_unit",
                        "permissions",
                        "plan",
                        "activation");
        assertThat(answer.result().getString("id")).matches("[0-9a-f]{32}");
        assertThat(answer.result().getString("created_on"))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z");
        assertThat(answer.result().getJsonObject("plan").getBoolean("is_subscribed"))
                .isTrue();
        assertThat(answer.result().getJsonObject("account").getString("id")).matches("[0-9a-f]{32}");
        assertThat(answer.header("etag")).isEqualTo("\"1\"");
        assertThat(answer.header("cf-ray")).matches("[0-9a-f]{16}-LOC");
        assertThat(answer.header("content-type")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "/zones?name=zones.test, 1",
        "/zones/?name=zones.test, 1",
        "//zones?name=ZONES.TEST., 1",
        "/zones?name=test, 0",
        "/zones?name=ones.test, 0",
        "/zones?name=not%20a%20name, 0",
        "/zones?name=contains:dev, 2",
        "/zones?name=starts_with:devel, 1",
        "/zones?name=ends_with:.example, 2",
        "/zones?name=equal:dev.example, 1",
        "/zones?name=contains_case_sensitive:DEV, 0",
        "/zones?name=not_equal:dev.example&name=x, 2",
        "/zones?status=active, 3",
        "'/zones?status=pending,moved', 0",
        "'/zones?type=full,partial', 3",
        "/zones?account.id=616e79636173746c6500000000000001, 3",
        "/zones?account.id=00000000000000000000000000000000, 0",
        "/zones?account.name=anycastle, 3",
        "/zones?name=zones.test&status=pending&match=any, 1",
        "/zones?something=else, 3"
    })
    void a_list_gives_the_zones_that_match_and_never_404(String path, int count) {
        Answer answer = node.get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.results()).hasSize(count);
        assertThat(answer.info().getInteger("count")).isEqualTo(count);
        assertThat(answer.info().getInteger("total_count")).isEqualTo(count);
    }

    @Test
    void a_page_past_the_end_is_empty_and_the_counts_stay_true() {
        Answer second = node.get("/zones?page=2&per_page=2");
        assertThat(second.results()).hasSize(1);
        assertThat(second.info().encode())
                .isEqualTo("{\"page\":2,\"per_page\":2,\"count\":1,\"total_count\":3,\"total_pages\":2}");
        Answer past = node.get("/zones?page=3&per_page=2");
        assertThat(past.status()).isEqualTo(200);
        assertThat(past.results()).isEmpty();
        assertThat(past.info().getInteger("total_count")).isEqualTo(3);
        assertThat(node.get("/zones").info().getInteger("per_page")).isEqualTo(20);
    }

    @Test
    void zones_are_ordered_as_asked() {
        assertThat(names("/zones?order=name&direction=desc"))
                .containsExactly("zones.test", "devel.example", "dev.example");
        assertThat(names("/zones?order=name")).containsExactly("dev.example", "devel.example", "zones.test");
    }

    private static List<String> names(String path) {
        return node.get(path).results().stream().map(z -> z.getString("name")).toList();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("GET", "/zones/" + UNKNOWN, "", 404, List.of(7003, 7000)),
                Arguments.of("GET", "/zones/nonsense", "", 404, List.of(7003, 7000)),
                Arguments.of("GET", "/workers/scripts", "", 404, List.of(7003, 7000)),
                Arguments.of("DELETE", "/zones", "", 405, List.of(7001)),
                Arguments.of("POST", "/zones", "{\"name\":\"zones.test\"}", 400, List.of(1061)),
                Arguments.of("POST", "/zones", "{\"name\":\"bad name\"}", 400, List.of(1004)),
                Arguments.of("POST", "/zones", "{}", 400, List.of(1004)),
                Arguments.of("POST", "/zones", "{\"name\":\"a.test\",\"type\":\"odd\"}", 400, List.of(1004)),
                Arguments.of("POST", "/zones", "{not json", 400, List.of(6007)),
                Arguments.of("POST", "/zones", "[1]", 400, List.of(6007)),
                Arguments.of("GET", "/zones?page=zero", "", 400, List.of(1004)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_refusal_has_the_envelope_and_the_code_that_clients_know(
            String method, String path, String body, int status, List<Integer> codes) {
        Answer answer = node.call(method, path, body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.codes()).isEqualTo(codes);
        assertThat(answer.text()).startsWith("{\"result\":null,\"success\":false,\"errors\":[{\"code\":");
        assertThat(answer.header("content-type")).isEqualTo("application/json");
    }

    @Test
    void a_zone_that_exists_is_named_in_the_refusal() {
        Answer answer = node.post("/zones", new JsonObject().put("name", "Zones.Test."));
        assertThat(answer.text()).contains("\"message\":\"zones.test already exists\"");
    }

    @Test
    void a_zone_is_made_paused_retyped_and_removed() {
        Answer made = node.post(
                "/zones",
                new JsonObject()
                        .put("name", "Straße.Test")
                        .put("account", new JsonObject().put("id", UNKNOWN))
                        .put("jump_start", false));
        assertThat(made.status()).isEqualTo(200);
        assertThat(made.header("anycastle-disks")).isEqualTo("1");
        String id = made.result().getString("id");
        assertThat(node.call("PATCH", "/zones/" + id, "{\"paused\":true}")
                        .result()
                        .getBoolean("paused"))
                .isTrue();
        assertThat(node.call("PATCH", "/zones/" + id, "{\"plan\":{\"id\":\"free\"}}")
                        .status())
                .isEqualTo(200);
        assertThat(node.call("PATCH", "/zones/" + id, "{\"vanity_name_servers\":[\"ns.x.test\"]}")
                        .status())
                .isEqualTo(400);
        Answer gone = node.call("DELETE", "/zones/" + id, "{}");
        assertThat(gone.text()).startsWith("{\"result\":{\"id\":\"" + id + "\"},\"success\":true");
        assertThat(node.get("/zones/" + id).status()).isEqualTo(404);
    }

    @Test
    void the_activation_check_answers_the_id() {
        Answer answer = node.call("PUT", "/zones/" + zone + "/activation_check", "");
        assertThat(answer.text()).startsWith("{\"result\":{\"id\":\"" + zone + "\"},\"success\":true");
    }

    @Test
    void a_change_of_an_older_version_than_the_zone_has_is_refused_with_the_current_one() {
        String id = node.addZone("versions.test");
        Answer lost = node.call("PATCH", "/zones/" + id, "{\"paused\":true}", "If-Match", "\"99\"");
        assertThat(lost.status()).isEqualTo(412);
        assertThat(lost.header("etag")).isEqualTo("\"1\"");
        assertThat(node.call("PATCH", "/zones/" + id, "{\"paused\":true}", "If-Match", "\"1\"")
                        .header("etag"))
                .isEqualTo("\"2\"");
        assertThat(node.call("PATCH", "/zones/" + id, "{\"paused\":false}", "If-Match", "*")
                        .status())
                .isEqualTo(200);
        assertThat(node.call("DELETE", "/zones/" + id, "", "If-Match", "\"2\"").status())
                .isEqualTo(412);
    }

    @Test
    void a_body_on_get_is_ignored_and_unknown_headers_too() {
        Answer answer = node.call("GET", "/zones/" + zone, "{}", "api-version", "2026-01-01", "x-stainless-lang", "js");
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void the_token_is_verified_for_the_user_and_the_account() {
        for (String path : List.of("/user/tokens/verify", "/accounts/" + UNKNOWN + "/tokens/verify")) {
            Answer answer = node.get(path);
            assertThat(answer.result().getString("status")).isEqualTo("active");
            assertThat(answer.result().getString("id")).matches("[0-9a-f]{32}");
        }
    }

    @Test
    void page_rules_are_an_empty_list() {
        assertThat(node.get("/zones/" + zone + "/pagerules?status=active").results())
                .isEmpty();
    }
}
