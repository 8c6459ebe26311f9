package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.anycastle.app.config.Keys;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zone files in and out. */
final class ImportExportApiTest {
    private static final String TYPE = "multipart/form-data; boundary=b";

    @AutoClose
    private static final TestNode node = TestNode.start(config -> config.with(Keys.ADMIN_IMPORT_MAX, 8L << 20)
            .with(Keys.ADMIN_IMPORT_ERRORS, 90)
            .with(Keys.ADMIN_IMPORT_GENERATED, 200)
            .with(Keys.ADMIN_IMPORT_ENTRY, 3000));

    @Test
    void a_zone_file_is_imported_and_comes_out_again_as_text() {
        String zone = node.addZone("import.test");
        Answer answer = node.importFile(zone, """
                $TTL 3600
                @ IN SOA ns1 host 1 2 3 4 5
                www IN A 192.0.2.1 ; the site
                mail IN A 192.0.2.2 ; cf_tags=cf-proxied:false
                @ IN MX 10 mail
                """, true);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.result().getInteger("recs_added")).isEqualTo(3);
        assertThat(answer.result().getInteger("total_records_parsed")).isEqualTo(3);
        assertThat(node.dns("www.import.test", "A")).isEqualTo("198.51.100.1");
        assertThat(node.dns("mail.import.test", "A")).isEqualTo("192.0.2.2");
        Answer export = node.call("GET", "/zones/" + zone + "/dns_records/export", "", "Accept", "text/plain");
        assertThat(export.header("content-type")).startsWith("text/plain");
        assertThat(export.text())
                .contains("www.import.test.\t")
                .contains("the site")
                .doesNotContain("\"success\"");
    }

    @Test
    void the_exported_soa_says_what_dns_answers(@TempDir Path other) {
        try (TestNode own = TestNode.start(
                other,
                config -> config.with(Keys.SOA_REFRESH, 7200)
                        .with(Keys.SOA_HOSTMASTER, "dns.example.net")
                        .with(Keys.NAME_SERVER_TTL, 300))) {
            String zone = own.addZone("soa.test");
            String export = own.export(zone);
            String soa = own.dns("soa.test", "SOA");
            assertThat(soa).contains(" dns.example.net. ").contains(" 7200 ");
            assertThat(export)
                    .contains("soa.test.\t3600\tIN\tSOA\t" + soa + "\n")
                    .contains("soa.test.\t300\tIN\tNS\t");
        }
    }

    @Test
    void a_form_with_bare_line_feeds_and_no_end_is_understood() {
        String zone = node.addZone("sloppy.test");
        String body =
                "--b\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\n\nwww 300 IN A 192.0.2.1\n--b--";
        Answer answer = node.call("POST", "/zones/" + zone + "/dns_records/import", body, "Content-Type", TYPE);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(node.dns("www.sloppy.test", "A")).isEqualTo("192.0.2.1");
    }

    @Test
    void every_bad_line_is_told_and_nothing_is_imported() {
        String zone = node.addZone("bad.test");
        Answer answer =
                node.importFile(zone, "www 300 IN A 192.0.2.1\nbad 300 IN A 1.2.3\n$INCLUDE /etc/passwd\n", false);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.lines("errors")).containsExactly(2, 3);
        assertThat(node.get("/zones/" + zone + "/dns_records").results()).isEmpty();
    }

    @Test
    void rules_broken_between_records_are_told_beside_lines_that_cannot_be_read() {
        String zone = node.addZone("mixed.test");
        Answer answer = node.importFile(zone, "e 300 IN CNAME x\ne 300 IN A 192.0.2.2\nbad 300 IN A 1.2.3\n", false);
        assertThat(answer.lines("errors")).contains(2, 3);
        assertThat(node.get("/zones/" + zone + "/dns_records").results()).isEmpty();
    }

    @Test
    void old_and_new_records_in_one_file_add_the_new_and_tell_the_old() {
        String zone = node.addZone("again.test");
        node.addRecord(zone, "www", "A", "192.0.2.1");
        Answer answer = node.importFile(zone, "a 300 IN A 192.0.2.1\nwww 300 IN A 192.0.2.1\n", false)
                .done();
        assertThat(answer.result().getInteger("recs_added")).isEqualTo(1);
        assertThat(answer.result().getInteger("total_records_parsed")).isEqualTo(2);
        assertThat(answer.lines("messages")).containsExactly(2);
        assertThat(answer.json().getJsonArray("messages").getJsonObject(0).getString("message"))
                .contains("www.again.test. A 192.0.2.1 already");
        assertThat(node.get("/zones/" + zone + "/dns_records").results()).hasSize(2);
    }

    @Test
    void the_same_file_twice_changes_nothing_and_makes_no_new_version() {
        String zone = node.addZone("same.test");
        String file = "a 300 IN A 192.0.2.1\nb 300 IN TXT \"x\"\n";
        Answer first = node.importFile(zone, file, false);
        Answer again = node.importFile(zone, file, false).done();
        assertThat(again.result().getInteger("recs_added")).isZero();
        assertThat(again.lines("messages")).containsExactly(1, 2);
        assertThat(again.header("etag")).isEqualTo(first.header("etag"));
        assertThat(node.get("/zones/" + zone + "/dns_records").results()).hasSize(2);
    }

    @Test
    void what_contradicts_refuses_the_whole_file_also_beside_what_is_there_already() {
        String zone = node.addZone("contra.test");
        node.addRecord(zone, "www", "A", "192.0.2.1");
        Answer answer =
                node.importFile(zone, "new 300 IN A 192.0.2.9\nwww 300 IN A 192.0.2.1\nwww 300 IN CNAME new\n", false);
        assertThat(answer.status()).isEqualTo(400);
        JsonObject error = answer.json().getJsonArray("errors").getJsonObject(0);
        assertThat(error.getJsonObject("source").getInteger("line")).isEqualTo(3);
        assertThat(node.get("/zones/" + zone + "/dns_records").results()).hasSize(1);
    }

    @Test
    void warnings_of_an_import_stand_in_its_messages_too() {
        String zone = node.addZone("warned.test");
        Answer answer =
                node.importFile(zone, "warned.test. 300 IN NS ns.other.example.\na 300 IN A 192.0.2.1\n", false);
        assertThat(answer.result().getJsonArray("warnings")).hasSize(1);
        assertThat(answer.lines("messages")).containsExactly(1);
        assertThat(answer.json().getJsonArray("messages").getJsonObject(0).getString("message"))
                .startsWith("left out: the edge makes the NS records");
    }

    @Test
    void an_export_with_records_beside_a_cname_and_below_a_delegation_is_imported_and_warned_of_by_line() {
        String zone = node.addZone("odd.test");
        String file = """
                www   300 IN CNAME x.example. ; cf_tags=cf-proxied:true
                www   300 IN MX    10 mail.example.
                sub   300 IN NS    ns.example.
                x.sub 300 IN A     192.0.2.1
                me    300 IN CNAME me
                d     300 IN DNAME d
                """;
        Answer answer = node.importFile(zone, file, false).done();
        assertThat(answer.result().getInteger("recs_added")).isEqualTo(6);
        assertThat(answer.lines("messages")).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(answer.result().getJsonArray("warnings")).hasSize(6);
        Answer again = node.importFile(zone, node.export(zone), false);
        assertThat(again.result().getInteger("recs_added")).isZero();
    }

    @Test
    void what_bind_knot_and_nsd_load_is_taken_by_the_api_and_by_a_file_and_exported_as_it_is() {
        String zone = node.addZone("loaded.test");
        Map<String, String> warnings = new TreeMap<>();
        for (String row : List.of(
                "TLSA 3 1 1 aabb",
                "SMIMEA 3 1 1 aabb",
                "HTTPS 1 . key65535=x",
                "TYPE65535 \\# 0",
                "APL 2:::ffff:1.2.3.4/128",
                "RESINFO qnamemin exterr=15-17",
                "WALLET \\# 8 ( 034254 43 03616263 )",
                "AVC app-name:a \"app class\"")) {
            String[] words = row.split(" ", 2);
            Answer answer = node.post(
                    "/zones/" + zone + "/dns_records",
                    new JsonObject().put("name", "a").put("type", words[0]).put("content", words[1]));
            assertThat(answer.status()).as(row + answer.text()).isEqualTo(200);
            answer.json()
                    .getJsonArray("messages")
                    .forEach(said -> warnings.put(words[0], ((JsonObject) said).getString("message")));
        }
        assertThat(warnings).containsOnlyKeys("TLSA", "SMIMEA", "HTTPS", "TYPE65535");
        Answer octets = node.post(
                "/zones/" + zone + "/dns_records",
                new JsonObject()
                        .put("name", "b")
                        .put("type", "APL")
                        .put("content", "\\# 20 0002801000000000000000000000ffff01020304"));
        assertThat(octets.result().getString("content")).isEqualTo("2:::ffff:1.2.3.4/128");
        String file = node.export(zone);
        assertThat(node.importFile(zone, file, false).result().getInteger("recs_added"))
                .isZero();
        String other = node.addZone("loaded-again.test");
        Answer imported = node.importFile(other, file.replace("loaded.test.", "loaded-again.test."), false);
        assertThat(imported.result().getInteger("recs_added"))
                .as(imported.text())
                .isEqualTo(9);
        assertThat(imported.json().getJsonArray("messages").size()).isGreaterThanOrEqualTo(4);
        assertThat(contents(other)).isEqualTo(contents(zone)).contains("\"qnamemin\" \"exterr=15-17\"");
        assertThat(node.dns("a.loaded-again.test", "TLSA")).isEqualToIgnoringCase("3 1 1 AABB");
    }

    private static List<String> contents(String zone) {
        return node.get("/zones/" + zone + "/dns_records").results().stream()
                .map(record -> record.getString("content"))
                .sorted()
                .toList();
    }

    @Test
    void a_zone_whose_name_has_an_asterisk_is_made_and_told_of() {
        Answer answer = node.post("/zones", new JsonObject().put("name", "a.*.star.test"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().getJsonArray("messages").getJsonObject(0).getString("message"))
                .isEqualTo("an asterisk in a zone's name stands for itself: the zone answers names that end in"
                        + " a.*.star.test");
    }

    @Test
    void of_many_records_that_are_there_already_the_first_are_told_and_the_others_counted() {
        String zone = node.addZone("twice.test");
        String file = IntStream.range(0, 150)
                .mapToObj(i -> "host" + i + " 300 IN A 192.0.2.1")
                .collect(Collectors.joining("\n"));
        assertThat(node.importFile(zone, file, false).status()).isEqualTo(200);
        Answer again = node.importFile(zone, file, false).done();
        List<JsonObject> messages = Answer.objects(again.json().getJsonArray("messages"));
        assertThat(messages).hasSize(90 + 1);
        assertThat(messages.getLast().getString("message")).isEqualTo("and 60 more were there already");
    }

    @Test
    void of_many_errors_the_first_are_told_and_the_others_counted() {
        String zone = node.addZone("many.test");
        String file = IntStream.range(0, 150)
                .mapToObj(i -> "host" + i + " 300 IN A 192.0.2.1\nhost" + i + " 300 IN CNAME x")
                .collect(Collectors.joining("\n"));
        Answer refused = node.importFile(zone, file, false);
        assertThat(refused.status()).isEqualTo(400);
        List<JsonObject> errors = Answer.objects(refused.json().getJsonArray("errors"));
        assertThat(errors).hasSize(90 + 1);
        assertThat(errors.getLast().getString("message")).isEqualTo("and 60 more");
    }

    @Test
    void what_a_zone_file_generates_and_how_long_its_entries_are_is_bounded_as_configured() {
        String zone = node.addZone("bounded.test");
        assertThat(node.importFile(zone, "$GENERATE 1-200 host$ A 192.0.2.1\n", false)
                        .status())
                .isEqualTo(200);
        assertThat(node.importFile(zone, "$GENERATE 1-201 more$ A 192.0.2.1\n", false)
                        .text())
                .contains("$GENERATE makes at most 200 records in a file");
        assertThat(node.importFile(zone, "long 300 IN TXT (" + " ".repeat(3000) + "a )\n", false)
                        .text())
                .contains("3000 characters");
    }

    @Test
    void ten_thousand_records_are_one_import() {
        String zone = node.addZone("large.test");
        String file = IntStream.range(0, 10_000)
                .mapToObj(i -> "host" + i + " 300 IN A 10.0." + i / 250 + "." + i % 250)
                .collect(Collectors.joining("\n"));
        node.importFile(zone, file, false).done();
        assertThat(node.get("/zones/" + zone + "/dns_records?per_page=1").info().getInteger("total_count"))
                .isEqualTo(10_000);
        assertThat(node.dns("host9999.large.test", "A")).isEqualTo("10.0.39.249");
    }

    @Test
    void an_upload_over_the_limit_is_refused_and_leaves_no_file() {
        String zone = node.addZone("huge.test");
        Answer answer = node.importFile(zone, ";".repeat(9 << 20), false);
        assertThat(answer.status()).isEqualTo(413);
        TestNode.await(
                "the upload is removed",
                () -> node.folder().resolve("anycastle-data/uploads").toFile().list().length == 0);
    }

    @Test
    void something_else_than_a_form_is_refused_with_the_envelope() {
        String zone = node.addZone("form.test");
        Answer answer = node.call("POST", "/zones/" + zone + "/dns_records/import", "{}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.codes()).containsExactly(1004);
    }
}
