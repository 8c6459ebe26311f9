package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.listen.ListenerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a record and its zone say of how the origin is asked is how it is asked: by a plain origin, by one with TLS, both on odd ports. */
class RecordOriginTest {
    private static final String HOST = "a.example.com";

    private final List<String> named = Collections.synchronizedList(new ArrayList<>());
    private TestCertificate certificate;
    private RawOrigin plain;
    private RawOrigin tls;

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.create(HOST);
        plain = new RawOrigin(connection -> {
            while (true) {
                connection.send(answer("plain " + asked(connection.readHead())));
            }
        });
        tls = certificate.origin("127.0.0.1", answer("tls"), named::add);
    }

    @AfterEach
    void end() throws IOException {
        tls.close();
        plain.close();
        certificate.close();
    }

    private static String answer(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    }

    /** The target and the Host that a request's head has. */
    private static String asked(String head) {
        String host = head.lines()
                .filter(line -> line.regionMatches(true, 0, "Host:", 0, 5))
                .map(line -> line.substring(5).strip())
                .findFirst()
                .orElse("");
        return head.split(" ", 3)[1] + " of " + host;
    }

    /**
     * One request.
     *
     * @param record its settings, in which PLAIN, TLS and PEM stand for the origins' ports and the certificate of the one with TLS
     * @param answer the status, and the answer's body where it is an origin's
     * @param serverName that TLS has asked the origin for; nothing where no handshake was completed
     */
    record Case(
            String what,
            OriginTlsMode node,
            String zone,
            String record,
            boolean visitorTls,
            String path,
            String answer,
            String serverName) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Case visit(String what, String zone, String record, String path, String answer) {
        return new Case(what, OriginTlsMode.FULL, zone, record, false, path, answer, "");
    }

    private static Case secure(
            String what, String zone, String record, boolean visitorTls, String answer, String name) {
        return new Case(what, OriginTlsMode.FULL, zone, record, visitorTls, "/", answer, name);
    }

    static Stream<Case> cases() {
        String api = "{'origin_port':PLAIN,'routes':[{'path':'/api','origin':'192.0.2.2','port':PLAIN},"
                + "{'path':'/api/dead','origin':'192.0.2.9','port':1},{'path':'/named','origin':'app.example.net'}]}";
        String plainHere = "200 plain / of a.example.com";
        return Stream.of(
                visit("a port", "{}", "{'origin_port':PLAIN}", "/", plainHere),
                visit("the zone's port", "{'origin_port':PLAIN}", "{}", "/", plainHere),
                visit("a port over the zone's", "{'origin_port':1}", "{'origin_port':PLAIN}", "/", plainHere),
                visit(
                        "a Host with a port",
                        "{'origin_port':PLAIN}",
                        "{'origin_host':'app.internal:8080'}",
                        "/x?y",
                        "200 plain /x?y of app.internal:8080"),
                visit("no route holds the path", "{}", api, "/apis", "200 plain /apis of a.example.com"),
                visit("a route's path itself", "{}", api, "/api?a=/b", "200 plain /api?a=/b of a.example.com"),
                visit("below a route", "{}", api, "/api/v1", "200 plain /api/v1 of a.example.com"),
                visit("the longest route decides", "{}", api, "/api/dead/x", "521"),
                visit("a route to a name", "{}", api, "/named/", "200 plain /named/ of a.example.com"),
                visit(
                        "a route to a forbidden address",
                        "{}",
                        "{'origin_port':PLAIN,'routes':[{'path':'/','origin':'169.254.169.254'}]}",
                        "/",
                        "403"),
                visit(
                        "a route to a name that nobody has",
                        "{}",
                        "{'origin_port':PLAIN,'routes':[{'path':'/','origin':'gone.example.net'}]}",
                        "/",
                        "530"),
                secure(
                        "https for a plain visitor",
                        "{}",
                        "{'origin_port':TLS,'origin_scheme':'https'}",
                        false,
                        "200 tls",
                        HOST),
                secure(
                        "http for a visitor with TLS",
                        "{}",
                        "{'origin_port':PLAIN,'origin_scheme':'http'}",
                        true,
                        plainHere,
                        ""),
                secure("as the visitor", "{}", "{'origin_port':TLS}", true, "200 tls", HOST),
                secure("the zone's mode off", "{'ssl':'off'}", "{'origin_port':PLAIN}", true, plainHere, ""),
                secure("the zone's mode strict", "{'ssl':'strict'}", "{'origin_port':TLS}", true, "526", ""),
                secure(
                        "the zone's mode origin_pull",
                        "{'ssl':'origin_pull'}",
                        "{'origin_port':TLS,'origin_ca':'PEM'}",
                        false,
                        "200 tls",
                        HOST),
                secure(
                        "verified without an authority",
                        "{}",
                        "{'origin_port':TLS,'origin_tls_verify':true}",
                        true,
                        "526",
                        ""),
                secure(
                        "not verified in a strict zone",
                        "{'ssl':'strict'}",
                        "{'origin_port':TLS,'origin_tls_verify':false}",
                        true,
                        "200 tls",
                        HOST),
                secure(
                        "an authority of its own",
                        "{'ssl':'strict'}",
                        "{'origin_port':TLS,'origin_ca':'PEM'}",
                        true,
                        "200 tls",
                        HOST),
                secure(
                        "an authority is asked in mode full",
                        "{}",
                        "{'origin_port':TLS,'origin_ca':'PEM','origin_sni':'b.example.com'}",
                        true,
                        "526",
                        ""),
                secure(
                        "an authority that is not asked",
                        "{}",
                        "{'origin_port':TLS,'origin_ca':'PEM','origin_sni':'b.example.com','origin_tls_verify':false}",
                        true,
                        "200 tls",
                        "b.example.com"),
                secure(
                        "TLS asks for the Host that is sent",
                        "{}",
                        "{'origin_port':TLS,'origin_host':'app.internal:99'}",
                        true,
                        "200 tls",
                        "app.internal"),
                secure(
                        "a name for TLS over the Host",
                        "{}",
                        "{'origin_port':TLS,'origin_host':'app.internal','origin_sni':'b.example.com'}",
                        true,
                        "200 tls",
                        "b.example.com"),
                secure(
                        "a Host that is an address is no name for TLS",
                        "{}",
                        "{'origin_port':TLS,'origin_host':'192.0.2.7'}",
                        true,
                        "200 tls",
                        HOST),
                new Case(
                        "the zone's mode over the node's",
                        OriginTlsMode.STRICT,
                        "{'ssl':'full'}",
                        "{'origin_port':TLS}",
                        true,
                        "/",
                        "200 tls",
                        HOST),
                new Case(
                        "a route with a scheme of its own",
                        OriginTlsMode.OFF,
                        "{'ssl':'full'}",
                        "{'origin_port':PLAIN,'routes':[{'path':'/s','origin':'192.0.2.2','port':TLS,'scheme':'https'}]}",
                        false,
                        "/s",
                        "200 tls",
                        HOST));
    }

    private String filled(String json) throws IOException {
        String pem = Files.readString(certificate.files().certificate());
        String text = JsonNodeFactory.instance.textNode(pem).toString();
        return json.replace("'PEM'", text)
                .replace('\'', '"')
                .replace("PLAIN", Integer.toString(plain.port()))
                .replace("TLS", Integer.toString(tls.port()));
    }

    private Edge edge(OriginTlsMode mode) {
        return Edge.edge()
                .tls(mode)
                .here("192.0.2.1")
                .here("192.0.2.2")
                .here("192.0.2.9")
                .foreign("app.example.net", "192.0.2.2")
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener());
    }

    private String get(Edge edge, boolean isTls, String path) throws Exception {
        int port = edge.service().listeners().get(isTls ? 1 : 0).port();
        try (var client = isTls ? certificate.client(port, HOST) : new RawClient(port)) {
            var answer = client.get(HOST, path, "Accept: application/json");
            return answer.status() == 200 ? "200 " + answer.text() : Integer.toString(answer.status());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void an_origin_is_asked_as_its_record_says(Case one) throws Exception {
        try (var edge = edge(one.node())
                .site("example.com", filled(one.zone()), "+" + HOST + " A 192.0.2.1 " + filled(one.record()))
                .start()) {
            assertThat(get(edge, one.visitorTls(), one.path())).isEqualTo(one.answer());
            assertThat(get(edge, one.visitorTls(), one.path())).isEqualTo(one.answer());
            assertThat(named.stream().distinct())
                    .isEqualTo(one.serverName().isEmpty() ? List.of() : List.of(one.serverName()));
        }
    }

    @Test
    void each_of_a_names_records_has_its_own_way() throws Exception {
        try (var edge = edge(OriginTlsMode.FULL)
                .site(
                        "example.com",
                        "+" + HOST + " A 192.0.2.1 " + filled("{'origin_port':PLAIN,'origin_host':'one.internal'}"),
                        "+" + HOST + " A 192.0.2.2 " + filled("{'origin_port':TLS,'origin_scheme':'https'}"))
                .start()) {
            assertThat(List.of(get(edge, false, "/"), get(edge, false, "/"), get(edge, false, "/")))
                    .containsOnly("200 plain / of one.internal", "200 tls");
        }
    }

    @Test
    void a_change_of_the_settings_holds_from_the_next_request_on_a_kept_connection_on() throws Exception {
        try (var edge = edge(OriginTlsMode.FULL)
                        .site("example.com", "+" + HOST + " A 192.0.2.1 " + filled("{'origin_port':PLAIN}"))
                        .start();
                var client = edge.client()) {
            assertThat(client.get(HOST, "/").text()).isEqualTo("plain / of a.example.com");
            edge.site(
                    "example.com",
                    filled("{'origin_host':'later.internal'}"),
                    "+" + HOST + " A 192.0.2.1 " + filled("{'origin_port':PLAIN}"));
            assertThat(client.get(HOST, "/").text()).isEqualTo("plain / of later.internal");
            edge.site(
                    "example.com",
                    "+" + HOST + " A 192.0.2.1 " + filled("{'origin_port':TLS,'origin_scheme':'https'}"));
            assertThat(client.get(HOST, "/").text()).isEqualTo("tls");
        }
    }
}
