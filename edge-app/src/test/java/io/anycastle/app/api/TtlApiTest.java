package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.anycastle.app.config.Keys;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Section;

/** TTL 0 is a value, 1 is automatic, and what a client sends for "not set" is no value: from the API and files to the answer. */
final class TtlApiTest {
    @AutoClose
    private static final TestNode node =
            TestNode.start(config -> config.with(Keys.TTL_MIN, 0).with(Keys.AUTO_TTL, 300));

    private static JsonObject a(String name, Integer ttl) {
        JsonObject record = new JsonObject().put("name", name).put("type", "A").put("content", "192.0.2.1");
        return ttl == null ? record : record.put("ttl", ttl);
    }

    private static long answered(TestNode by, String name) {
        return by.ask(name, "A").getSection(Section.ANSWER).getFirst().getTTL();
    }

    private static JsonObject only(TestNode at, String zone, String name) {
        return at.get("/zones/" + zone + "/dns_records?name=" + name).results().getFirst();
    }

    @Test
    void a_ttl_of_0_is_shown_kept_by_patch_and_put_of_0_and_answered() {
        String zone = node.addZone("zero.test");
        JsonObject made =
                node.post("/zones/" + zone + "/dns_records", a("z", 0)).result();
        assertThat(made.getInteger("ttl")).isZero();
        String path = "/zones/" + zone + "/dns_records/" + made.getString("id");
        assertThat(node.get(path).result().getInteger("ttl")).isZero();
        assertThat(answered(node, "z.zero.test")).isZero();
        assertThat(node.call(
                                "PATCH",
                                path,
                                new JsonObject()
                                        .put("ttl", 0)
                                        .put("content", "192.0.2.2")
                                        .encode())
                        .result()
                        .getInteger("ttl"))
                .isZero();
        assertThat(node.call("PATCH", path, "{\"comment\":\"x\"}").result().getInteger("ttl"))
                .isZero();
        assertThat(node.call("PUT", path, a("z", 0).encode()).result().getInteger("ttl"))
                .isZero();
        assertThat(node.call("PUT", path, a("z", 1).encode()).result().getInteger("ttl"))
                .isEqualTo(1);
        assertThat(answered(node, "z.zero.test")).isEqualTo(300);
    }

    @Test
    void where_the_record_has_another_ttl_0_means_that_none_is_set() {
        String zone = node.addZone("unset.test");
        String path = "/zones/" + zone + "/dns_records/"
                + node.post("/zones/" + zone + "/dns_records", a("r", 600))
                        .result()
                        .getString("id");
        assertThat(node.call("PATCH", path, "{\"ttl\":0}").result().getInteger("ttl"))
                .isEqualTo(1);
        node.call("PATCH", path, "{\"ttl\":600}");
        assertThat(node.call("PUT", path, a("r", 0).encode()).result().getInteger("ttl"))
                .isEqualTo(1);
    }

    @Test
    void where_zones_may_not_have_it_0_means_that_none_is_set_for_new_records_too(@TempDir Path other) {
        try (TestNode strict = TestNode.start(other, config -> config.with(Keys.TTL_MIN, 1))) {
            String zone = strict.addZone("strict.test");
            Answer made = strict.post("/zones/" + zone + "/dns_records", a("r", 0));
            assertThat(made.status()).as(made.text()).isEqualTo(200);
            assertThat(made.result().getInteger("ttl")).isEqualTo(1);
            Answer imported = strict.importFile(zone, "i 0 IN A 192.0.2.1\nj 1 IN A 192.0.2.1\n", false);
            assertThat(imported.json().getJsonArray("messages").encode())
                    .contains("TTL 0 is out of range; 2 was taken")
                    .contains("TTL 1 is automatic");
            assertThat(only(strict, zone, "i.strict.test").getInteger("ttl")).isEqualTo(2);
            assertThat(answered(strict, "i.strict.test")).isEqualTo(2);
            assertThat(answered(strict, "j.strict.test")).isEqualTo(300);
        }
    }

    @Test
    void export_and_import_again_keep_0_and_1() {
        String zone = node.addZone("round.test");
        Answer imported =
                node.importFile(zone, "zero 0 IN A 192.0.2.1\nauto 1 IN A 192.0.2.1\nten 10 IN A 192.0.2.1\n", false);
        assertThat(imported.lines("messages")).containsExactly(2);
        String export = node.export(zone);
        node.call("DELETE", "/zones/" + zone, "");
        String again = node.addZone("round.test");
        assertThat(node.importFile(again, export, false).status()).isEqualTo(200);
        assertThat(only(node, again, "zero.round.test").getInteger("ttl")).isZero();
        assertThat(only(node, again, "auto.round.test").getInteger("ttl")).isEqualTo(1);
        assertThat(only(node, again, "ten.round.test").getInteger("ttl")).isEqualTo(10);
        assertThat(answered(node, "zero.round.test")).isZero();
        assertThat(answered(node, "auto.round.test")).isEqualTo(300);
    }
}
