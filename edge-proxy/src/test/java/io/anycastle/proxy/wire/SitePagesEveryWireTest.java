package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.reply.EdgeError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a zone shows of its own, whatever the visitor speaks: while it is down for maintenance, and for errors. */
class SitePagesEveryWireTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String DOWN = "down.example.com";
    private static final String[] NOBODY = {};

    private static TestCertificate certificate;
    private static ScriptedOrigin origin;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create("a.example.com");
        origin = new ScriptedOrigin();
    }

    private static Edge edge(String... documents) throws Exception {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", lines(documents))
                .origin("192.0.2.1", origin.port())
                .origin("192.0.2.2", 1)
                .start();
    }

    private static String[] lines(String... documents) {
        List<String> lines = new ArrayList<>(List.of(
                "+a.example.com A 192.0.2.1", "+" + DOWN + " A 192.0.2.2", "+gone.example.com CNAME gone.example.net"));
        Arrays.stream(documents).map(text -> text.replace('\'', '"')).forEach(lines::add);
        return lines.toArray(String[]::new);
    }

    /** Changes the site of an edge that runs. */
    private static void now(Edge edge, String... documents) {
        edge.site("example.com", lines(documents));
    }

    @AfterAll
    static void stop() throws Exception {
        origin.close();
        certificate.close();
    }

    @BeforeEach
    void forget() {
        origin.forget();
    }

    private static String text(Visit visit) throws Exception {
        return new String(visit.rest().body(), StandardCharsets.UTF_8);
    }

    private static void expect(Visit visit, int status, String body) throws Exception {
        assertThat(visit.head().status()).isEqualTo(status);
        assertThat(text(visit)).contains(body);
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_site_goes_down_for_maintenance_and_comes_back_on_kept_connections(ClientWire wire) throws Exception {
        try (Edge edge = edge();
                Visit visit = wire.visit(edge)) {
            String path = origin.answering(OK);
            visit.get(path);
            expect(visit, 200, "ok");
            now(edge, "@proxy/maintenance {'enabled':true,'retry_after':77,'html':'<p>Later. ::RAY_ID::</p>'}");
            visit.get(path);
            Visit.Head head = visit.head();
            assertThat(head.status()).isEqualTo(503);
            assertThat(head.field("retry-after")).isEqualTo("77");
            assertThat(head.field("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(head.field("cache-control")).isEqualTo("private, no-store");
            assertThat(text(visit)).isEqualTo("<p>Later. " + head.field("cf-ray") + "</p>");
            assertThat(edge.counters().of(EdgeError.MAINTENANCE)).isEqualTo(1);
            assertThat(edge.counters().of(Event.SITE_PAGES)).isEqualTo(1);
            now(edge, "@proxy/maintenance {'enabled':false,'html':'x'}");
            visit.get(path);
            expect(visit, 200, "ok");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void maintenance_has_a_page_of_the_edges_and_forms_for_programs(ClientWire wire) throws Exception {
        try (Edge edge = edge("@proxy/maintenance {'enabled':true}");
                Visit visit = wire.visit(edge)) {
            visit.get("/");
            assertThat(visit.head().field("retry-after")).isEqualTo("600");
            assertThat(text(visit)).contains("Error 503", "Down for maintenance");
            now(edge, "@proxy/maintenance {'enabled':true,'retry_after':5,'html':'<p>x</p>'}");
            visit.get("/", "Accept: application/json");
            Visit.Head head = visit.head();
            assertThat(head.field("content-type")).isEqualTo("application/json");
            assertThat(text(visit)).contains("\"error_code\":503", "\"retry_after\":5,");
            visit.get("/", "Accept: text/markdown");
            expect(visit, 503, "Retry after: 5 s");
            visit.ask("HEAD", "/", ClientWire.HOST, true, List.of());
            assertThat(visit.head().status()).isEqualTo(503);
            assertThat(visit.rest().body()).isEmpty();
            assertThat(origin.unseen()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_upload_to_a_site_in_maintenance_is_told_and_goes_nowhere(ClientWire wire) throws Exception {
        try (Edge edge = edge("@proxy/maintenance {'enabled':true}");
                Visit visit = wire.visit(edge)) {
            visit.ask("POST", "/", ClientWire.HOST, false, List.of("Content-Length: 4"));
            assertThat(visit.head().status()).isEqualTo(503);
            visit.send("body".getBytes(StandardCharsets.UTF_8));
            visit.end();
            visit.rest();
            assertThat(origin.unseen()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void clients_of_networks_that_are_let_through_see_the_site(ClientWire wire) throws Exception {
        try (Edge edge = edge("@proxy/maintenance {'enabled':true,'allowed_networks':['127.0.0.0/8']}");
                Visit visit = wire.visit(edge)) {
            visit.get(origin.answering(OK));
            expect(visit, 200, "ok");
            now(edge, "@proxy/maintenance {'enabled':true,'allowed_networks':['127.0.0.2','2001:db8::/32']}");
            visit.get("/");
            expect(visit, 503, "maintenance");
            visit.get("/cdn-cgi/trace");
            expect(visit, 200, "colo=TST");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_request_that_has_begun_is_not_broken_off_by_maintenance(ClientWire wire) throws Exception {
        CountDownLatch isAsked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        String path = origin.on((peer, head) -> {
            isAsked.countDown();
            mayAnswer.await();
            peer.send(OK);
        });
        try (Edge edge = edge();
                Visit visit = wire.visit(edge)) {
            visit.get(path);
            isAsked.await();
            now(edge, "@proxy/maintenance {'enabled':true}");
            mayAnswer.countDown();
            expect(visit, 200, "ok");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_error_is_shown_on_the_page_of_its_number_or_its_class(ClientWire wire) throws Exception {
        try (Edge edge = edge(
                        "@proxy/pages/521 {'html':'<p>own ::CLIENT_IP:: ::GEO:: ::RAY_ID::</p>'}",
                        "@proxy/pages/1xxx {'html':'<main>::CLOUDFLARE_ERROR_1000S_BOX::</main>'}",
                        "@proxy/pages/4xx {'html':'<p>four</p>'}");
                Visit visit = wire.visit(edge)) {
            visit.ask("GET", "/", DOWN, true, List.of());
            Visit.Head head = visit.head();
            assertThat(head.status()).isEqualTo(521);
            assertThat(head.field("retry-after")).isEqualTo("120");
            assertThat(head.field("cf-error-type")).isEqualTo("origin_refused");
            assertThat(text(visit)).isEqualTo("<p>own 127.0.0.1 XX " + head.field("cf-ray") + "</p>");
            visit.ask("GET", "/", "gone.example.com", true, List.of());
            head = visit.head();
            assertThat(head.status()).isEqualTo(530);
            assertThat(text(visit))
                    .startsWith("<main>")
                    .contains("Error 1016", "Origin DNS error", head.field("cf-ray"))
                    .endsWith("</main>");
            visit.get("/cdn-cgi/none");
            expect(visit, 404, "<p>four</p>");
            visit.get("/cdn-cgi/error/521");
            expect(visit, 521, "<p>own 127.0.0.1");
            visit.get("/cdn-cgi/error/522");
            expect(visit, 522, "Error 522");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_page_is_for_people_alone_and_can_be_taken_away(ClientWire wire) throws Exception {
        try (Edge edge = edge("@proxy/pages/5xx {'html':'<p>own</p>'}");
                Visit visit = wire.visit(edge)) {
            visit.ask("GET", "/", DOWN, true, List.of("Accept: application/problem+json"));
            assertThat(visit.head().field("content-type")).isEqualTo("application/problem+json");
            assertThat(text(visit)).contains("\"error_code\":521").doesNotContain("<p>");
            visit.ask("GET", "/", DOWN, true, List.of());
            expect(visit, 521, "<p>own</p>");
            visit.ask("GET", "/", "nobody.example.org", true, List.of());
            expect(visit, 530, "Error 1001");
            now(edge, NOBODY);
            visit.ask("GET", "/", DOWN, true, List.of());
            expect(visit, 521, "Error 521");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_origins_own_error_passes(ClientWire wire) throws Exception {
        String page = origin.answering(
                "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\norigin");
        try (Edge edge = edge("@proxy/pages/5xx {'html':'<p>own</p>'}");
                Visit visit = wire.visit(edge)) {
            visit.get(page);
            expect(visit, 502, "origin");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_origins_own_error_is_replaced_where_the_zone_wants_that(ClientWire wire) throws Exception {
        String page = origin.answering(
                "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\norigin");
        String json = origin.answering(
                "HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        String missing =
                origin.answering("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nnone");
        try (Edge edge = edge(
                        "{'origin_error_page_pass_thru':'off'}",
                        "@proxy/pages/4xx {'html':'<p>four</p>'}",
                        "@proxy/pages/5xx {'html':'<p>own ::CLOUDFLARE_ERROR_500S_BOX::</p>'}");
                Visit visit = wire.visit(edge)) {
            visit.get(page);
            Visit.Head head = visit.head();
            assertThat(head.status()).isEqualTo(502);
            assertThat(head.field("cf-error-type")).isEmpty();
            assertThat(text(visit)).contains("<p>own", "Error 502").doesNotContain("origin");
            visit.get(page, "Accept: application/json");
            expect(visit, 502, "origin");
            visit.get(json);
            expect(visit, 502, "{}");
            visit.get(missing);
            expect(visit, 404, "none");
            assertThat(edge.counters().of(Event.SITE_PAGES)).isEqualTo(1);
        }
    }
}
