package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The calls on records. */
final class RecordApiTest {
    private static final String UNKNOWN = "0123456789abcdef0123456789abcdef";

    @AutoClose
    private static final TestNode node = TestNode.start();

    private static final String records = "/zones/" + node.addZone("records.test") + "/dns_records";
    private static final String filtered = "/zones/" + node.addZone("filter.test") + "/dns_records";

    @BeforeAll
    static void fill() {
        post(
                filtered,
                "{'name':'www','type':'A','content':'192.0.2.1','proxied':true,'comment':'Main site','tags':['env:prod','team:web']}");
        post(filtered, "{'name':'www','type':'AAAA','content':'2001:db8::1','ttl':600}");
        post(filtered, "{'name':'@','type':'MX','content':'mail.filter.test','priority':10}");
        post(filtered, "{'name':'_acme-challenge','type':'TXT','content':'\"token-1\"','ttl':120}");
        post(filtered, "{'name':'api','type':'CNAME','content':'www.filter.test','tags':['env:dev']}");
    }

    /** Single quotes stand for double ones; those inside the text are escaped. */
    private static Answer post(String path, String body) {
        return node.call("POST", path, json(body));
    }

    private static String json(String body) {
        return body.replace("\"", "\\\"").replace('\'', '"');
    }

    @Test
    void a_record_has_every_field_that_clients_read_and_the_id_comes_first() {
        Answer answer = post(records, "{'name':'full','type':'A','content':'192.0.2.7'}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).startsWith("{\"result\":{\"id\":\"");
        JsonObject record = answer.result();
        assertThat(record.getString("id")).matches("[0-9a-f]{32}");
        assertThat(record.fieldNames())
                .containsExactly(
                        "id",
                        "name",
                        "type",
                        "content",
                        "proxiable",
                        "proxied",
                        "ttl",
                        "settings",
                        "meta",
                        "comment",
                        "tags",
                        "created_on",
                        "modified_on");
        assertThat(record.getInteger("ttl")).isEqualTo(1);
        assertThat(record.getValue("comment")).isNull();
        assertThat(record.getJsonArray("tags")).isEmpty();
        assertThat(record.getString("created_on")).matches("\\d{4}-.*T.*(\\.\\d{1,6})?Z");
        assertThat(node.get(records + "/" + record.getString("id")).result()).isEqualTo(record);
    }

    @ParameterizedTest
    @CsvSource({
        "@, records.test",
        "n1, n1.records.test",
        "n2.records.test, n2.records.test",
        "N3.Records.TEST., n3.records.test",
        "bücher, xn--bcher-kva.records.test",
        "*.wild, *.wild.records.test",
        "_srv._tcp, _srv._tcp.records.test"
    })
    void a_name_is_taken_in_every_spelling_and_answered_in_one(String spelled, String stored) {
        Answer answer =
                post(records, "{'name':'" + spelled + "','type':'TXT','content':'spelling of " + spelled + "'}");
        assertThat(answer.result().getString("name")).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            Office\\032Printer._ipp._tcp ; TXT ; ty=x ; office\\032printer._ipp._tcp.records.test ; "ty=x"
            \\052.octal ; TXT ; star ; *.octal.records.test ; "star"
            john\\.doe ; CNAME ; a\\.b.Example. ; john\\.doe.records.test ; a\\.b.example
            \\119ww2 ; MX ; 10 m\\064x.example ; www2.records.test ; m\\@x.example
            hash#tag!+ ; PTR ; a:b.example ; hash#tag!+.records.test ; a:b.example
            """)
    void a_name_may_have_any_octets_as_owner_and_as_target_and_is_spelled_in_one_way(
            String name, String type, String content, String stored, String target) {
        JsonObject wanted = new JsonObject().put("name", name).put("type", type).put("content", content);
        Answer answer = node.post(records, wanted);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.result().getString("name")).isEqualTo(stored);
        assertThat(answer.result().getString("content")).isEqualTo(target);
        assertThat(node.dns(stored, type)).isNotEmpty().isNotEqualTo("NXDOMAIN");
        assertThat(node.get(records + "?name="
                                + java.net.URLEncoder.encode(stored, java.nio.charset.StandardCharsets.UTF_8))
                        .results())
                .extracting(record -> record.getString("id"))
                .contains(answer.result().getString("id"));
        assertThat(node.call(
                                "PATCH",
                                records + "/" + answer.result().getString("id"),
                                "{\"ttl\":120,\"content\":"
                                        + new io.vertx.core.json.JsonArray()
                                                .add(target)
                                                .encode()
                                                .replaceAll("^\\[|]$", "")
                                        + "}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_proxied_name_is_one_that_browsers_can_ask_for() {
        JsonObject wanted = new JsonObject()
                .put("name", "a\\032b")
                .put("type", "A")
                .put("content", "192.0.2.1")
                .put("proxied", true);
        Answer refused = node.post(records, wanted);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("letters, digits");
        assertThat(node.post(records, wanted.put("proxied", false)).status()).isEqualTo(200);
        assertThat(node.post(records, wanted.put("name", "_a-b.c").put("proxied", true))
                        .status())
                .isEqualTo(200);
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                Arguments.of("{'name':'c','type':'CNAME','content':'Target.Example.'}", "target.example", "{}"),
                Arguments.of(
                        "{'name':'m','type':'MX','content':'mx.example.','priority':5.0}",
                        "mx.example",
                        "{'priority':5}"),
                Arguments.of("{'name':'d','type':'TXT','content':'bare text'}", "\"bare text\"", "{}"),
                Arguments.of("{'name':'d','type':'TXT','content':'\"one\" \"two\"'}", "\"one\" \"two\"", "{}"),
                Arguments.of(
                        "{'name':'_s._tcp','type':'SRV','data':{'service':'_s','proto':'_tcp','name':'x','priority':1,'weight':2,'port':443,'target':'t.example.'}}",
                        "2 443 t.example",
                        "{'priority':1,'data':{'priority':1,'weight':2,'port':443,'target':'t.example'}}"),
                Arguments.of(
                        "{'name':'@','type':'CAA','data':{'flags':0.0,'tag':'issue','value':'ca.example'}}",
                        "0 issue \"ca.example\"",
                        "{'data':{'flags':0,'tag':'issue','value':'ca.example'}}"),
                Arguments.of(
                        "{'name':'@','type':'CAA','content':'0 iodef \"mailto:a@b.test\"','data':null}",
                        "0 iodef \"mailto:a@b.test\"",
                        "{}"),
                Arguments.of("{'name':'t','type':'A','content':'192.0.2.9','ttl':300.0}", "192.0.2.9", "{'ttl':300}"),
                Arguments.of(
                        "{'name':'p','type':'A','content':'192.0.2.9','ttl':300,'proxied':true}",
                        "192.0.2.9",
                        "{'ttl':1,'proxied':true}"),
                Arguments.of(
                        "{'name':'ro','type':'A','content':'192.0.2.9','id':'x','created_on':'0001-01-01T00:00:00Z','modified_on':'0001-01-01T00:00:00Z','settings':{},'meta':{},'zone_id':'z','tags':null,'data':null,'unknown':1}",
                        "192.0.2.9",
                        "{'tags':[]}"));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void a_record_is_answered_in_the_form_that_clients_compare(String body, String content, String fields) {
        Answer answer = post(records, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.result().getString("content")).isEqualTo(content);
        JsonObject expected = new JsonObject(json(fields));
        for (String field : expected.fieldNames()) {
            assertThat(answer.result().getValue(field)).as(field).isEqualTo(expected.getValue(field));
        }
    }

    @Test
    void a_text_over_255_bytes_comes_back_in_parts() {
        String content = post(records, "{'name':'long','type':'TXT','content':'" + "x".repeat(300) + "'}")
                .result()
                .getString("content");
        assertThat(content).isEqualTo("\"" + "x".repeat(255) + "\" \"" + "x".repeat(45) + "\"");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("{'name':'x','type':'A','content':'1.2.3'}", 400, List.of(1004), "/content"),
                Arguments.of("{'name':'x y','type':'A','content':'192.0.2.1'}", 400, List.of(1004), "/name"),
                Arguments.of("{'name':'x','type':'A','content':'192.0.2.1','ttl':5}", 400, List.of(1004), "/ttl"),
                Arguments.of("{'name':'x','type':'A','content':'192.0.2.1','ttl':1.5}", 400, List.of(1004), "/ttl"),
                Arguments.of("{'name':'x','type':'TXT','content':'a','proxied':true}", 400, List.of(1004), "/proxied"),
                Arguments.of("{'name':'x','type':'NOPE','content':'a'}", 400, List.of(1004), "/type"),
                Arguments.of("{'name':'x','type':'A'}", 400, List.of(1004), "/content"),
                Arguments.of("{'type':'A','content':'192.0.2.1'}", 400, List.of(1004), "/name"),
                Arguments.of("{'name':'x','type':'A','content':'198.51.100.1'}", 400, List.of(1004), "/content"),
                Arguments.of(
                        "{'name':'x','type':'A','content':'192.0.2.1','proxied':'yes'}",
                        400,
                        List.of(1004),
                        "/proxied"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_bad_record_is_refused_with_field_value_and_rule(
            String body, int status, List<Integer> codes, String pointer) {
        Answer answer = post(records, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.codes()).isEqualTo(codes);
        JsonObject error = answer.json().getJsonArray("errors").getJsonObject(0);
        assertThat(error.getString("message")).isEqualTo("DNS Validation Error");
        assertThat(error.getJsonArray("error_chain").getJsonObject(0).getInteger("code"))
                .isPositive();
        assertThat(error.getJsonObject("source").getString("pointer")).isEqualTo(pointer);
    }

    @Test
    void duplicates_and_clashes_have_the_codes_and_texts_that_clients_look_for() {
        post(records, "{'name':'dup','type':'A','content':'192.0.2.1'}");
        Answer same = post(records, "{'name':'DUP','type':'A','content':'192.0.2.1'}");
        assertThat(same.status()).isEqualTo(400);
        assertThat(same.codes()).containsExactly(81058, 81057);
        assertThat(same.text()).contains("An identical record already exists.");
        Answer clash = post(records, "{'name':'dup','type':'CNAME','content':'x.example'}");
        assertThat(clash.status()).isEqualTo(400);
        assertThat(clash.codes()).containsExactly(81053);
        assertThat(clash.text()).contains("An A, AAAA, or CNAME record with that host already exists.");
    }

    /** As Cloudflare takes them: only what clashes with the CNAME is refused. */
    @Test
    void other_records_stand_beside_a_cname_and_the_answer_says_that_it_is_flattened() {
        Answer alone = post(records, "{'name':'mix','type':'CNAME','content':'x.example','proxied':true}");
        assertThat(alone.messages()).isEmpty();
        for (String other : List.of(
                "{'name':'mix','type':'MX','content':'mail.example','priority':5}",
                "{'name':'mix','type':'TXT','content':'\"hello\"'}",
                "{'name':'mix','type':'CAA','content':'0 issue \"ca.example\"'}",
                "{'name':'mix','type':'HTTPS','content':'1 . alpn=h3'}")) {
            Answer answer = post(records, other);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.messages()).singleElement().asString().contains("answered flattened");
        }
        for (String clash : List.of(
                "{'name':'mix','type':'A','content':'192.0.2.1'}",
                "{'name':'mix','type':'NS','content':'ns.example'}",
                "{'name':'mix','type':'DNAME','content':'x.example'}")) {
            assertThat(post(records, clash).codes()).as(clash).containsExactly(81054);
        }
    }

    @Test
    void what_is_kept_and_not_answered_is_told_with_its_place_in_a_batch() {
        Answer answer = post(
                records + "/batch",
                "{'posts':[{'name':'cut','type':'NS','content':'ns.example'},"
                        + "{'name':'x.cut','type':'TXT','content':'\"hello\"'},"
                        + "{'name':'self','type':'CNAME','content':'self.records.test'}]}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonArray messages = answer.json().getJsonArray("messages");
        assertThat(messages.stream()
                        .map(JsonObject.class::cast)
                        .map(message -> message.getJsonObject("source").getString("pointer")))
                .containsExactly("/posts/0", "/posts/1", "/posts/2");
        assertThat(answer.messages().get(1))
                .isEqualTo("it is kept and not answered, because cut.records.test is delegated by its NS records");
        String id = answer.result().getJsonArray("posts").getJsonObject(1).getString("id");
        assertThat(node.call("DELETE", records + "/" + id, "").messages()).isEmpty();
    }

    @Test
    void a_record_that_is_not_there_is_404_for_every_method() {
        for (String id : List.of(UNKNOWN, "nonsense")) {
            for (String method : List.of("GET", "PUT", "PATCH", "DELETE")) {
                Answer answer =
                        node.call(method, records + "/" + id, json("{'name':'x','type':'A','content':'192.0.2.1'}"));
                assertThat(answer.status()).as(method).isEqualTo(404);
                assertThat(answer.codes()).containsExactly(81044);
            }
        }
    }

    @Test
    void put_sets_what_is_left_out_back_and_patch_leaves_it() {
        String id = post(
                        records,
                        "{'name':'edit','type':'A','content':'192.0.2.1','ttl':600,'comment':'hello','tags':['a:b']}")
                .result()
                .getString("id");
        JsonObject patched = node.call("PATCH", records + "/" + id, json("{'content':'192.0.2.2','tags':null}"))
                .result();
        assertThat(patched.getString("content")).isEqualTo("192.0.2.2");
        assertThat(patched.getInteger("ttl")).isEqualTo(600);
        assertThat(patched.getString("comment")).isEqualTo("hello");
        assertThat(patched.getJsonArray("tags")).containsExactly("a:b");
        assertThat(node.call("PATCH", records + "/" + id, json("{'comment':null}"))
                        .result()
                        .getValue("comment"))
                .isNull();
        JsonObject put = node.call("PUT", records + "/" + id, json("{'name':'edit','type':'A','content':'192.0.2.3'}"))
                .result();
        assertThat(put.getString("id")).isEqualTo(id);
        assertThat(put.getInteger("ttl")).isEqualTo(1);
        assertThat(put.getJsonArray("tags")).isEmpty();
        Answer deleted = node.call("DELETE", records + "/" + id, "{}");
        assertThat(deleted.text()).startsWith("{\"result\":{\"id\":\"" + id + "\"},\"success\":true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {'name':'h1','type':'HTTPS','content':'1 . alpn="h3,h2"'} ; 1 . alpn="h3,h2"
            {'name':'h2','type':'HTTPS','content':'. alpn=h2','priority':1} ; 1 . alpn="h2"
            {'name':'h3','type':'SVCB','data':{'priority':2,'target':'svc.example.','value':'port=8443'}} ; 2 svc.example port="8443"
            {'name':'h4','type':'HTTPS','data':{'target':'alias.example','value':''},'priority':0} ; 0 alias.example
            {'name':'h5','type':'HTTPS','content':'1 . ipv6hint=::ffff:192.0.2.1'} ; 1 . ipv6hint="::ffff:192.0.2.1"
            """)
    void https_and_svcb_have_the_priority_in_their_content_and_in_data_and_nowhere_else(String body, String content) {
        Answer made = post(records, body);
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        JsonObject record = made.result();
        assertThat(record.getString("content")).isEqualTo(content);
        assertThat(record.containsKey("priority")).isFalse();
        JsonObject data = record.getJsonObject("data");
        assertThat(data.getInteger("priority")).isEqualTo(content.charAt(0) - '0');
        assertThat(data.fieldNames()).containsExactly("priority", "target", "value");
        String path = records + "/" + record.getString("id");
        String found =
                records + "?content=" + java.net.URLEncoder.encode(content, java.nio.charset.StandardCharsets.UTF_8);
        assertThat(node.get(found).results())
                .extracting(r -> r.getString("id"))
                .containsExactly(record.getString("id"));
        JsonObject patched = node.call("PATCH", path, "{\"priority\":7}").result();
        assertThat(patched.getString("content")).isEqualTo("7" + content.substring(1));
        assertThat(node.call(
                                "PATCH",
                                path,
                                new JsonObject().put("content", content).encode())
                        .result()
                        .getString("content"))
                .isEqualTo(content);
        assertThat(node.call(
                                "PATCH",
                                path,
                                new JsonObject()
                                        .put("content", content.substring(2))
                                        .encode())
                        .result()
                        .getString("content"))
                .isEqualTo(content);
    }

    @Test
    void octets_are_octets_for_a_text_too_and_octets_that_a_type_cannot_have_are_refused() {
        for (String type : List.of("TXT", "TYPE16")) {
            Answer made = node.post(
                    records,
                    new JsonObject()
                            .put("name", "octets-" + type)
                            .put("type", type)
                            .put("content", "\\# 4 03616263"));
            assertThat(made.result().getString("content")).isEqualTo("\"abc\"");
            assertThat(made.result().getString("type")).isEqualTo("TXT");
        }
        for (String type : List.of("SPF", "X25", "NSAP")) {
            Answer refused = node.post(
                    records,
                    new JsonObject().put("name", "none").put("type", type).put("content", "\\# 0"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("expected data of type " + type);
        }
    }

    @Test
    void a_text_has_4096_octets_on_the_wire_and_those_of_a_name_8192_characters() {
        JsonObject text = new JsonObject().put("name", "fulltext").put("type", "TXT");
        assertThat(node.post(records, text.put("content", "a".repeat(4080))).text())
                .contains("\"success\":true");
        assertThat(node.post(records, text.put("content", "b".repeat(4080))).text())
                .contains("\"success\":true");
        assertThat(node.post(records, text.put("content", "c".repeat(32))).text())
                .contains("\"success\":true");
        assertThat(node.post(records, text.put("content", "d")).text()).contains("at most 8192 characters");
        assertThat(node.post(records, text.put("name", "overlong").put("content", "a".repeat(4081)))
                        .text())
                .contains("at most 4096 octets on the wire");
    }

    @Test
    void a_proxied_record_that_is_made_dns_only_gets_its_ttl_back() {
        String id = post(records, "{'name':'back','type':'A','content':'192.0.2.1','proxied':true}")
                .result()
                .getString("id");
        JsonObject patched = node.call("PATCH", records + "/" + id, json("{'proxied':false,'ttl':900}"))
                .result();
        assertThat(patched.getInteger("ttl")).isEqualTo(900);
    }

    @Test
    void every_field_of_a_wrong_type_is_told_at_once() {
        Answer answer = post(
                records,
                "{'name':{},'type':'A','content':[],'ttl':'x','proxied':'yes','tags':[1],'settings':{'ipv4_only':3},'data':1}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers())
                .containsExactly("/name", "/content", "/data", "/ttl", "/proxied", "/settings/ipv4_only", "/tags");
    }

    @Test
    void every_wrong_type_in_a_batch_is_told_with_its_place() {
        Answer answer = post(
                records + "/batch",
                "{'deletes':[{}],'posts':[{'name':1.5,'type':'A','content':'192.0.2.1','ttl':[]},7,{'name':'b','content':{}}]}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.pointers())
                .containsExactly("/deletes/0/id", "/posts", "/posts/0/ttl", "/posts/2/type", "/posts/2/content");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "type=A, 1",
                "`type=A,aaaa`, 2",
                "name=www.filter.test, 2",
                "name=WWW.Filter.Test., 2",
                "name=www, 2",
                "name.exact=www.filter.test, 2",
                "name.contains=FILTER, 5",
                "name.startswith=ap, 1",
                "name.endswith=w.filter.test, 2",
                "name=nobody.filter.test, 0",
                "name=not%20a%20name, 0",
                "content=192.0.2.1, 1",
                "content=token-1, 1",
                "content=%22token-1%22, 1",
                "content.exact=token-1, 1",
                "content.contains=oken-, 1",
                "content.startswith=token, 1",
                "content.endswith=-1, 1",
                "content=mail.filter.test., 1",
                "content.exact=token-2, 0",
                "proxied=true, 1",
                "proxied=false, 4",
                "comment=main%20site, 1",
                "comment.contains=MAIN, 1",
                "comment.present=true, 1",
                "comment.absent=true, 4",
                "tag=env:prod, 1",
                "tag=env:prod&tag.present=team, 1",
                "tag.present=env, 2",
                "tag.absent=env, 3",
                "tag=env:dev&tag.present=team&tag_match=any, 2",
                "tag=env:dev&tag.present=team&tag-match=any, 2",
                "tag=env:dev&tag.present=team&tag_match=all, 0",
                "priority=10, 1",
                "search=site, 1",
                "search=192.0.2, 1",
                "type=MX&proxied=true, 0",
                "type=MX&proxied=true&match=any, 2",
                "type=TXT&name=_acme-challenge.filter.test&content=token-1&per_page=1, 1",
                "include_shadow_metadata=true&whatever=1, 5"
            })
    void a_list_gives_the_records_that_match(String query, int count) {
        Answer answer = node.get(filtered + "?" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.results()).hasSize(count);
        assertThat(answer.info().getInteger("total_count")).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource({
        "order=type&direction=asc, A AAAA CNAME MX TXT",
        "order=type&direction=desc, TXT MX CNAME AAAA A",
        "order=proxied&direction=desc&type=A, A"
    })
    void a_list_is_ordered_as_asked(String query, String types) {
        assertThat(String.join(
                        " ",
                        node.get(filtered + "?" + query).results().stream()
                                .map(r -> r.getString("type"))
                                .toList()))
                .isEqualTo(types);
    }

    @Test
    void pages_of_records_count_true_and_end() {
        Answer page = node.get(filtered + "?page=2&per_page=2");
        assertThat(page.info().encode())
                .isEqualTo("{\"page\":2,\"per_page\":2,\"count\":2,\"total_count\":5,\"total_pages\":3}");
        assertThat(node.get(filtered + "?page=4&per_page=2").results()).isEmpty();
        assertThat(node.get(filtered + "?page=1000000&per_page=5000").results()).isEmpty();
        assertThat(node.get(filtered).info().getInteger("per_page")).isEqualTo(100);
        assertThat(node.get(filtered + "?per_page=5000").info().getInteger("per_page"))
                .isEqualTo(5000);
    }

    @Test
    void a_batch_is_applied_whole_in_the_documented_order() {
        String batch = "/zones/" + node.addZone("batch.test") + "/dns_records";
        String one = post(batch, "{'name':'one','type':'A','content':'192.0.2.1'}")
                .result()
                .getString("id");
        String two = post(batch, "{'name':'two','type':'A','content':'192.0.2.2'}")
                .result()
                .getString("id");
        Answer done = post(
                batch + "/batch",
                "{'deletes':[{'id':'" + one + "'}],'patches':[{'id':'" + two + "','content':'192.0.2.22'}],"
                        + "'posts':[{'name':'one','type':'CNAME','content':'two.batch.test'}]}");
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.result().fieldNames()).containsExactly("deletes", "patches", "puts", "posts");
        assertThat(done.result().getJsonArray("deletes").getJsonObject(0).getString("id"))
                .isEqualTo(one);
        assertThat(done.result().getJsonArray("patches").getJsonObject(0).getString("content"))
                .isEqualTo("192.0.2.22");
        assertThat(done.result().getJsonArray("puts")).isEqualTo(new JsonArray());
        assertThat(node.dns("one.batch.test", "A")).isEqualTo("192.0.2.22"); // flattened within its zone

        Answer refused = post(
                batch + "/batch",
                "{'deletes':[{'id':'" + two + "'}],'posts':[{'name':'ok','type':'A','content':'192.0.2.3'},"
                        + "{'name':'bad','type':'A','content':'nonsense'}]}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("\"pointer\":\"/posts/1/content\"");
        assertThat(node.get(batch).results()).hasSize(2);
    }

    @Test
    void a_change_of_a_record_under_an_old_version_of_its_zone_is_refused() {
        String zone = node.addZone("race.test");
        String list = "/zones/" + zone + "/dns_records";
        String etag = node.get("/zones/" + zone).header("etag");
        post(list, "{'name':'x','type':'A','content':'192.0.2.1'}");
        Answer lost = node.call("POST", list, json("{'name':'y','type':'A','content':'192.0.2.1'}"), "If-Match", etag);
        assertThat(lost.status()).isEqualTo(412);
        assertThat(lost.header("etag")).isEqualTo(node.get("/zones/" + zone).header("etag"));
    }

    @Test
    void a_change_is_answered_by_dns_when_the_call_returns() {
        String list = "/zones/" + node.addZone("live.test") + "/dns_records";
        String id = post(list, "{'name':'www','type':'A','content':'192.0.2.1','proxied':true}")
                .result()
                .getString("id");
        assertThat(node.dns("www.live.test", "A")).isEqualTo("198.51.100.1");
        node.call("PATCH", list + "/" + id, json("{'proxied':false}"));
        assertThat(node.dns("www.live.test", "A")).isEqualTo("192.0.2.1");
        node.call("DELETE", list + "/" + id, "");
        assertThat(node.dns("www.live.test", "A")).isEqualTo("NXDOMAIN");
    }
}
