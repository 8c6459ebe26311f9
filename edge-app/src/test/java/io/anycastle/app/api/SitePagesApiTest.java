package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen;
import io.anycastle.app.config.ProxyKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maintenance and a zone's own pages for errors, by the API and by commands. */
final class SitePagesApiTest {
    private static final int PAGE_MAX = 2000;

    @AutoClose
    private static final TestNode node = TestNode.start(config -> config.with(ProxyKeys.SITE_PAGE_MAX, PAGE_MAX));

    private static String zone(String name) {
        return "/zones/" + node.addZone(name);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    @Test
    void maintenance_is_set_field_by_field_shown_and_taken_back() {
        String path = zone("maintained.test") + "/maintenance";
        assertThat(node.get(path).result())
                .isEqualTo(new JsonObject(json(
                        "{'enabled':false,'html':null,'retry_after':600,'allowed_networks':[],'modified_on':null}")));
        Answer on = node.call(
                "PATCH",
                path,
                json(
                        "{'enabled':true,'html':'<p>::RAY_ID::</p>','retry_after':60,'allowed_networks':['192.0.2.0/24']}"));
        assertThat(on.status()).as(on.text()).isEqualTo(200);
        assertThat(on.result().getString("modified_on")).matches("\\d{4}-.*Z");
        node.call("PATCH", path, json("{'enabled':false,'retry_after':null}"));
        JsonObject off = node.get(path).result();
        off.remove("modified_on");
        assertThat(off)
                .isEqualTo(
                        new JsonObject(
                                json(
                                        "{'enabled':false,'html':'<p>::RAY_ID::</p>','retry_after':600,'allowed_networks':['192.0.2.0/24']}")));
        assertThat(node.call("DELETE", path, "").result().getValue("html")).isNull();
        assertThat(node.get(path).result().getJsonArray("allowed_networks")).isEmpty();
        assertThat(node.call("PATCH", path, json("{'enabled':true}"), "If-Match", "\"1\"")
                        .status())
                .isEqualTo(412);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'enabled':'on'}                   | /enabled                       | expected true or false
            {'html':''}                        | /html                          | expected a page in HTML
            {'html':'::RAYID::'}               | /html                          | no such place in a page: ::RAYID::; there are ::CLOUDFLARE_ERROR_500S_BOX::
            {'retry_after':0}                  | /retry_after                   | from 1 to 2592000
            {'allowed_networks':['10/8','x']}  | /allowed_networks/0 /allowed_networks/1 | is no network
            {'enable':true}                    | /enable                        | no such field
            {'retry_after':0,'html':''}        | /html /retry_after             | expected
            """)
    void maintenance_that_makes_no_sense_is_refused_and_nothing_is_stored(String body, String pointers, String rule) {
        String zone = zone("mad" + Integer.toHexString(body.hashCode()) + ".test");
        Answer refused = node.call("PATCH", zone + "/maintenance", json(body));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.pointers()).containsExactlyInAnyOrder(pointers.split(" "));
        assertThat(refused.text()).contains(rule);
        assertThat(node.get(zone).header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void a_page_beyond_the_limit_is_refused() {
        String zone = zone("long.test");
        String fits = "a".repeat(PAGE_MAX);
        for (String path : List.of(zone + "/custom_pages/5xx", zone + "/maintenance")) {
            String method = path.endsWith("5xx") ? "PUT" : "PATCH";
            Answer refused = node.call(
                    method, path, new JsonObject().put("html", fits + "b").encode());
            assertThat(refused.text())
                    .contains("expected at most 2000 bytes (proxy.site-page-max), found 2001")
                    .contains("/html");
            assertThat(node.call(
                                    method,
                                    path,
                                    new JsonObject().put("html", fits).encode())
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void pages_for_errors_are_put_listed_read_and_taken_away() {
        String pages = zone("pages.test") + "/custom_pages";
        assertThat(node.get(pages).results()).isEmpty();
        assertThat(node.get(pages + "/521").result())
                .isEqualTo(new JsonObject(json("{'id':'521','state':'default','html':null,'modified_on':null}")));
        Answer put = node.call("PUT", pages + "/500_errors", json("{'state':'customized','html':'<p>ö</p>'}"));
        assertThat(put.result().getString("id")).isEqualTo("5xx");
        node.call("PUT", pages + "/1016", json("{'html':'<p>x</p>'}"));
        assertThat(node.get(pages).results())
                .extracting(
                        page -> page.getString("id") + " " + page.getInteger("bytes") + " " + page.containsKey("html"))
                .containsExactly("1016 8 false", "5xx 9 false");
        assertThat(node.get(pages + "/5xx").result().getString("html")).isEqualTo("<p>ö</p>");
        String etag = node.get(pages).header("ETag");
        node.call("PUT", pages + "/5xx", json("{'html':'<p>ö</p>'}"));
        assertThat(node.get(pages).header("ETag")).isEqualTo(etag);
        assertThat(node.call("PUT", pages + "/5xx", json("{'state':'default'}"))
                        .result()
                        .getString("state"))
                .isEqualTo("default");
        node.call("DELETE", pages + "/1016", "");
        assertThat(node.get(pages).results()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            599 | {'html':'x'}                    | /page  | expected one of 1000, 1001
            6xx | {'html':'x'}                    | /page  | 5xx
            521 | {}                              | /html  | is required
            521 | {'url':'https://example.com/x'} | /url /html | this edge fetches no pages
            521 | {'state':'new','html':'x'}      | /state | expected customized or default
            521 | {'html':'::CAPTCHA_BOX::'}      | /html  | no such place in a page: ::CAPTCHA_BOX::
            """)
    void a_page_that_makes_no_sense_is_refused(String error, String body, String pointers, String rule) {
        String zone = zone("wrong" + Integer.toHexString((error + body).hashCode()) + ".test");
        Answer refused = node.call("PUT", zone + "/custom_pages/" + error, json(body));
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.pointers()).containsExactly(pointers.split(" "));
        assertThat(refused.text()).contains(rule);
        assertThat(node.get(zone).header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void commands_do_the_same() throws IOException {
        zone("shown.test");
        Screen screen = node.screen();
        Files.writeString(node.folder().resolve("later.html"), "<p>Later</p>");
        assertThat(screen.done("zone", "maintenance", "shown.test"))
                .contains("Maintenance   off", "Let through   nobody");
        assertThat(screen.done(
                        "zone",
                        "maintenance",
                        "shown.test",
                        "on",
                        "--page",
                        "later.html",
                        "--retry-after",
                        "90",
                        "--allow",
                        "192.0.2.1",
                        "--allow",
                        "2001:db8::/32"))
                .contains("Maintenance   on", "its own, 12 characters", "90 s", "192.0.2.1, 2001:db8::/32");
        assertThat(screen.done("zone", "maintenance", "shown.test", "--unset", "page", "--unset", "allow"))
                .contains("Maintenance   on", "the edge's", "nobody");
        assertThat(screen.done("zone", "maintenance", "shown.test", "reset")).contains("Maintenance   off", "600 s");
        assertThat(screen.run("zone", "maintenance", "shown.test", "down").err())
                .contains("expected on, off, show or reset");
        assertThat(screen.run("zone", "maintenance", "shown.test", "--unset", "on")
                        .err())
                .contains("--unset: expected page, retry-after or allow");

        assertThat(screen.done("zone", "page", "list", "shown.test")).contains("No pages of its own");
        assertThat(screen.done("zone", "page", "set", "shown.test", "5xx", "later.html"))
                .contains("Zone shown.test shows 5xx on the page later.html.");
        assertThat(screen.done("zone", "page", "list", "shown.test")).containsPattern("5xx +12 ");
        assertThat(screen.done("zone", "page", "show", "shown.test", "5xx")).isEqualTo("<p>Later</p>\n");
        assertThat(screen.done("zone", "page", "rm", "shown.test", "5xx")).contains("on the edge's page");
        assertThat(screen.run("zone", "page", "show", "shown.test", "5xx").err())
                .contains("zone shown.test has no page of its own for 5xx");
        assertThat(screen.run("zone", "page", "set", "shown.test", "600", "later.html")
                        .err())
                .contains("the edge answers no error '600'");
        assertThat(screen.run("zone", "page", "set", "shown.test", "5xx", "none.html")
                        .err())
                .contains("none.html: no readable file");
        assertThat(screen.done("zone", "set", "shown.test", "--no-pass-origin-errors"))
                .contains("Errors of origins    get the zone's own pages");
        assertThat(screen.done("zone", "set", "shown.test", "--pass-origin-errors"))
                .contains("Errors of origins    pass");
    }

    @Test
    void a_backup_has_them() throws IOException {
        String zone = zone("kept.test");
        node.call("PATCH", zone + "/maintenance", json("{'enabled':true,'allowed_networks':['192.0.2.1']}"));
        node.call("PUT", zone + "/custom_pages/4xx", json("{'html':'<p>four</p>'}"));
        Screen screen = node.screen();
        screen.done("backup", "pages.backup");
        node.call("DELETE", zone + "/maintenance", "");
        node.call("DELETE", zone + "/custom_pages/4xx", "");
        screen.done("restore", "pages.backup");
        assertThat(node.get(zone + "/maintenance").result().getJsonArray("allowed_networks"))
                .isEqualTo(new JsonArray().add("192.0.2.1"));
        assertThat(node.get(zone + "/custom_pages/4xx").result().getString("html"))
                .isEqualTo("<p>four</p>");
    }
}
