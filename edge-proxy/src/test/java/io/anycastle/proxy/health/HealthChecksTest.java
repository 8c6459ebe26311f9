package io.anycastle.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.DeadPort;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.Site;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.health.HealthReport.Finding;
import io.anycastle.proxy.origin.EjectionConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Origins that are checked, and what follows for requests and for DNS. */
class HealthChecksTest {
    private static final String HOST = "a.example.com";
    private static final HealthConfig OFTEN =
            new HealthConfig(Duration.ofMillis(40), Duration.ofSeconds(5), 0, Duration.ofMillis(20), 16, 100, 4_096);
    /** Requests take nobody out, and who comes back has its share at once. */
    private static final EjectionConfig NEVER_OUT =
            new EjectionConfig(0, 0, Duration.ofMinutes(5), Duration.ofMinutes(5), 0, 80, Duration.ZERO, 100);

    private static final String HTTP = "{'health_check':{'type':'http','path':'/up'}}";

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T each) {
        opened.add(each);
        return each;
    }

    /** One that answers requests with its name, and checks with a status that may change. */
    private final class Checked {
        final AtomicInteger status = new AtomicInteger(200);
        final List<String> checks = new CopyOnWriteArrayList<>();
        volatile String body = "fine";
        final RawOrigin origin;

        Checked(String name) throws IOException {
            origin = opened(new RawOrigin(connection -> {
                while (true) {
                    String head = connection.readHead();
                    boolean isCheck = head.contains("anycastle-health-check");
                    if (isCheck) {
                        checks.add(head);
                    }
                    String text = isCheck ? body : name;
                    connection.send("HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(isCheck ? status.get() : 200, text.length(), text));
                }
            }));
        }
    }

    private Edge edge(RawOrigin... origins) {
        Edge edge = opened(Edge.edge()).health(OFTEN).ejection(NEVER_OUT);
        for (int i = 0; i < origins.length; i++) {
            edge.origin("192.0.2." + (i + 1), origins[i].port());
        }
        return edge;
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    /** Who answers so many requests. */
    private static Set<String> answering(Edge edge) throws IOException {
        Set<String> names = new TreeSet<>();
        try (RawClient client = edge.client()) {
            for (int i = 0; i < 10; i++) {
                names.add(client.get(HOST, "/").text());
            }
        }
        return names;
    }

    private static Map<String, HealthStatus> status(Edge edge) {
        return edge.service().healthChecks().stream().collect(Collectors.toMap(HealthStatus::check, status -> status));
    }

    private static HealthStatus only(Edge edge) {
        return edge.service().healthChecks().getFirst();
    }

    private static void awaitVerdict(Edge edge) {
        Await.until(() -> edge.service().healthChecks().stream()
                .anyMatch(check -> !check.here().equals("unknown")));
    }

    private static long out(Edge edge) {
        return edge.service().healthChecks().stream()
                .filter(HealthStatus::isOut)
                .count();
    }

    /** The contents that the name answers. */
    private static List<String> answered(Edge edge, String name) {
        NameRecords all = edge.view()
                .get()
                .zone(DomainName.of("example.com"))
                .orElseThrow()
                .at(DomainName.of(name))
                .orElseThrow();
        return edge.unhealthy().answered(all).records().stream()
                .map(Record::content)
                .toList();
    }

    @Test
    void an_origin_that_fails_its_checks_gets_no_requests_until_it_passes_them_again() throws Exception {
        Checked one = new Checked("one");
        Checked two = new Checked("two");
        Edge edge = edge(one.origin, two.origin)
                .site("example.com", json(HTTP), "+a.example.com A 192.0.2.1", "+a.example.com A 192.0.2.2")
                .start();
        Await.until(() -> one.checks.size() > 1 && two.checks.size() > 1);
        assertThat(answering(edge)).containsExactly("one", "two");
        one.status.set(503);
        Await.until(() -> out(edge) == 1);
        assertThat(answering(edge)).containsExactly("two");
        HealthStatus down = status(edge).get("http://192.0.2.1:80/up (a.example.com)");
        assertThat(down.here()).isEqualTo("down");
        assertThat(down.reason()).isEqualTo("status 503, expected 2xx");
        assertThat(down.down()).isEqualTo(1);
        one.status.set(204);
        Await.until(() -> out(edge) == 0);
        assertThat(answering(edge)).containsExactly("one", "two");
        assertThat(edge.counters().of(Event.HEALTH_ORIGINS_OUT)).isEqualTo(1);
        assertThat(edge.counters().of(Event.HEALTH_ORIGINS_BACK)).isEqualTo(1);
        assertThat(one.checks.getFirst())
                .startsWith("GET /up HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nhost: a.example.com\r\n")
                .containsIgnoringCase("\r\nuser-agent: anycastle-health-check\r\n");
    }

    /** The header says that the connection is the edge's own, ahead of TLS too. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "https", "tcp"})
    void an_origin_that_wants_the_proxy_protocol_is_checked_with_it(String type) throws Exception {
        TestCertificate certificate = opened(TestCertificate.create(HOST));
        List<String> begun = new CopyOnWriteArrayList<>();
        RawOrigin origin = opened(new RawOrigin(connection -> {
            begun.add(HexFormat.of()
                    .formatHex(connection.socket().getInputStream().readNBytes(16)));
            RawClient peer = connection.peer();
            if (type.equals("https")) {
                SSLSocket tls = (SSLSocket)
                        certificate.server().getSocketFactory().createSocket(connection.socket(), null, true);
                tls.setUseClientMode(false);
                peer = new RawClient(tls);
            }
            peer.readHead();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }));
        Edge edge = edge(origin)
                .site(
                        "example.com",
                        json("{'origin_proxy_protocol':'v2','origin_tls_verify':false,'health_check':{'type':'" + type
                                + "'}}"),
                        "+a.example.com A 192.0.2.1")
                .start();
        awaitVerdict(edge);
        assertThat(only(edge).here()).as(only(edge).reason()).isEqualTo("up");
        Await.until(() -> !begun.isEmpty());
        assertThat(begun).containsOnly("0d0a0d0a000d0a515549540a20000000");
    }

    @Test
    void the_last_origin_that_is_left_is_asked_although_its_checks_fail_too() throws Exception {
        Checked one = new Checked("one");
        Checked two = new Checked("two");
        Edge edge = edge(one.origin, two.origin)
                .site("example.com", json(HTTP), "+a.example.com A 192.0.2.1", "+a.example.com A 192.0.2.2")
                .start();
        one.status.set(500);
        Await.until(() -> out(edge) == 1);
        two.status.set(500);
        Await.until(() -> out(edge) == 2);
        assertThat(answering(edge)).containsExactly("two");
    }

    @Test
    void where_all_are_out_the_fallback_is_asked() throws Exception {
        Checked one = new Checked("one");
        Checked spare = new Checked("spare");
        one.status.set(500);
        Edge edge = edge(one.origin, spare.origin)
                .site(
                        "example.com",
                        json("{'health_check':{'type':'http'},'origin_fallback':{'origin':'192.0.2.2'}}"),
                        "+a.example.com A 192.0.2.1")
                .start();
        Await.until(() -> out(edge) == 1);
        assertThat(answering(edge)).containsExactly("spare");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'type':'http'}                                            | 200 | fine   | up   |
            {'type':'http'}                                            | 301 | fine   | down | status 301, expected 2xx
            {'type':'http','expected_codes':'200-399,404'}             | 404 | fine   | up   |
            {'type':'http','expected_body':'fine'}                     | 200 | fine   | up   |
            {'type':'http','expected_body':'fine'}                     | 200 | ill    | down | the expected text is not in the answer
            {'type':'http','method':'HEAD','path':'/h?x=1'}            | 200 |        | up   |
            {'type':'http','host':'other.example.net:8080'}            | 200 | fine   | up   |
            {'type':'tcp'}                                             | 500 | fine   | up   |
            """)
    void what_an_origin_must_answer_is_said_by_its_check(
            String check, int status, String body, String verdict, String reason) throws Exception {
        Checked one = new Checked("one");
        one.status.set(status);
        one.body = body == null ? "" : body;
        Edge edge = edge(one.origin)
                .site("example.com", "+a.example.com A 192.0.2.1 " + json("{'health_check':" + check + "}"))
                .start();
        awaitVerdict(edge);
        assertThat(only(edge).here()).isEqualTo(verdict);
        assertThat(only(edge).reason()).isEqualTo(reason == null ? "" : reason);
        if (check.contains("HEAD")) {
            assertThat(one.checks.getFirst()).startsWith("HEAD /h?x=1 HTTP/1.1\r\n");
        }
        if (check.contains("other")) {
            assertThat(one.checks.getFirst()).containsIgnoringCase("\r\nhost: other.example.net:8080\r\n");
        }
    }

    @Test
    void an_answer_that_is_too_long_or_never_ends_is_a_failure_and_its_connection_is_closed() throws Exception {
        List<RawOrigin.Served> served = new CopyOnWriteArrayList<>();
        RawOrigin endless = opened(new RawOrigin(connection -> {
            served.add(connection);
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                connection.send("400\r\n" + "x".repeat(1_024) + "\r\n");
            }
        }));
        RawOrigin silent = opened(new RawOrigin(connection -> {
            connection.readHead();
            connection.holdOpen();
        }));
        Edge edge = edge(endless, silent)
                .site(
                        "example.com",
                        "+a.example.com A 192.0.2.1 " + json("{'health_check':{'type':'http'}}"),
                        "+b.example.com A 192.0.2.2 " + json("{'health_check':{'type':'http','timeout':1}}"))
                .start();
        Await.until(() -> out(edge) == 2);
        assertThat(status(edge).get("http://192.0.2.1:80/ (a.example.com)").reason())
                .isEqualTo("an answer longer than 4096 octets");
        assertThat(status(edge).get("http://192.0.2.2:80/ (b.example.com)").reason())
                .isEqualTo("no whole answer within 1 s");
        Await.until(() -> served.getFirst().socket().isClosed()); // it could not send on
    }

    @Test
    void one_failure_is_no_failure_where_a_further_try_succeeds() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        RawOrigin flaky = opened(new RawOrigin(connection -> {
            connection.readHead();
            int status = tries.incrementAndGet() % 3 == 0 ? 200 : 500;
            connection.send("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n");
        }));
        Edge edge = edge(flaky)
                .site(
                        "example.com",
                        "+a.example.com A 192.0.2.1 " + json("{'health_check':{'type':'http','retries':2}}"))
                .start();
        Await.until(() -> tries.get() >= 30);
        assertThat(edge.counters().of(Event.HEALTH_ORIGINS_OUT)).isZero();
        assertThat(only(edge).here()).isEqualTo("up");
        assertThat(edge.counters().of(Event.HEALTH_CHECKS_FAILED)).isGreaterThanOrEqualTo(18);
    }

    @Test
    void a_port_that_nobody_listens_on_is_down() throws Exception {
        Edge edge = opened(Edge.edge()).health(OFTEN);
        edge.origin("192.0.2.1", opened(new DeadPort()).port())
                .site(
                        "example.com",
                        "+a.example.com A 192.0.2.1 " + json("{'health_check':{'type':'tcp','port':5432}}"))
                .start();
        Await.until(() -> out(edge) == 1);
        assertThat(only(edge).check()).isEqualTo("tcp://192.0.2.1:5432");
        assertThat(only(edge).reason()).contains("Connection refused");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            full   | {}                           | up   |
            full   | {'origin_tls_verify':true}   | down | certif
            strict | {}                           | down | certif
            strict | {'origin_tls_verify':false}  | up   |
            """)
    void an_https_check_believes_whom_requests_would_believe(String mode, String said, String verdict, String reason)
            throws Exception {
        TestCertificate certificate = opened(TestCertificate.create("a.example.com"));
        List<String> names = new CopyOnWriteArrayList<>();
        RawOrigin origin =
                opened(certificate.origin("127.0.0.1", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", names::add));
        String settings = json(said.replace("}", (said.length() > 2 ? "," : "") + "'health_check':{'type':'https'}}"));
        Edge edge = edge(origin)
                .site("example.com", json("{'ssl':'" + mode + "'}"), "+a.example.com A 192.0.2.1 " + settings)
                .start();
        awaitVerdict(edge);
        assertThat(only(edge).here()).describedAs(only(edge).reason()).isEqualTo(verdict);
        assertThat(only(edge).reason()).containsIgnoringCase(reason == null ? "" : reason);
        if (verdict.equals("up")) {
            assertThat(names).contains("a.example.com");
        }
    }

    @Test
    void an_origin_of_http2_without_tls_is_checked_by_that() throws Exception {
        Vertx vertx = Vertx.vertx();
        opened(() -> vertx.close().await(20, TimeUnit.SECONDS));
        List<HttpVersion> versions = new CopyOnWriteArrayList<>();
        HttpServer origin = vertx.createHttpServer()
                .requestHandler(request -> {
                    versions.add(request.version());
                    request.response().end("fine");
                })
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        Edge edge = opened(Edge.edge()).health(OFTEN);
        edge.origin("192.0.2.1", origin.actualPort())
                .site(
                        "example.com",
                        "+a.example.com A 192.0.2.1 " + json("{'health_check':{'type':'h2c','expected_body':'fine'}}"))
                .start();
        awaitVerdict(edge);
        assertThat(only(edge).here()).describedAs(only(edge).reason()).isEqualTo("up");
        assertThat(Set.copyOf(versions)).containsExactly(HttpVersion.HTTP_2);
    }

    @Test
    void the_addresses_that_an_alias_leads_to_are_checked() throws Exception {
        Checked one = new Checked("one");
        Checked two = new Checked("two");
        one.status.set(500);
        Edge edge = edge(one.origin, two.origin)
                .foreign("lb.example.net", "192.0.2.1", "192.0.2.2")
                .site("example.com", "+a.example.com CNAME lb.example.net " + json(HTTP))
                .start();
        Await.until(() -> out(edge) == 1 && two.checks.size() > 1);
        assertThat(answering(edge)).containsExactly("two");
        edge.foreign("lb.example.net", "192.0.2.1");
        Await.until(() -> edge.service().healthChecks().size() == 1);
        assertThat(answering(edge)).containsExactly("one");
    }

    @Test
    void an_address_that_fails_leaves_the_answers_of_a_dns_only_name_but_the_last_one_stays() throws Exception {
        Checked one = new Checked("one");
        Checked two = new Checked("two");
        Edge edge = edge(one.origin, two.origin)
                .origin("2001:db8::1", one.origin.port())
                .site(
                        "example.com",
                        "a.example.com A 192.0.2.1 " + json(HTTP),
                        "a.example.com A 192.0.2.2 " + json(HTTP),
                        "a.example.com AAAA 2001:db8::1 " + json(HTTP))
                .start();
        Await.until(() -> one.checks.size() > 3 && two.checks.size() > 1);
        assertThat(answered(edge, HOST)).containsExactly("192.0.2.1", "192.0.2.2", "2001:db8::1");
        one.status.set(500);
        Await.until(() -> answered(edge, HOST).equals(List.of("192.0.2.2", "2001:db8::1")));
        two.status.set(500);
        Await.until(() -> out(edge) == 3);
        assertThat(answered(edge, HOST))
                .describedAs("the last one of a family")
                .containsExactly("192.0.2.2", "2001:db8::1");
        one.status.set(200);
        Await.until(() -> answered(edge, HOST).equals(List.of("192.0.2.1", "2001:db8::1")));
    }

    @Test
    void what_is_known_of_an_origin_outlives_a_change_of_its_record_and_ends_with_its_check() throws Exception {
        Checked one = new Checked("one");
        Checked two = new Checked("two");
        one.status.set(500);
        String second = "a.example.com A 192.0.2.2 " + json(HTTP);
        Edge edge = edge(one.origin, two.origin)
                .site("example.com", "a.example.com A 192.0.2.1 " + json(HTTP), second)
                .start();
        Await.until(() -> answered(edge, HOST).equals(List.of("192.0.2.2")));
        Site.show(
                edge.view(),
                "example.com",
                ZoneStatus.ACTIVE,
                "a.example.com A 192.0.2.1 " + json("{'health_check':{'type':'http','path':'/up'},'origin_weight':2}"),
                second,
                "a.example.com A 192.0.2.3");
        Await.until(() -> one.checks.size() > 5);
        assertThat(answered(edge, HOST)).containsExactly("192.0.2.2", "192.0.2.3");
        assertThat(edge.counters().of(Event.HEALTH_ORIGINS_OUT)).isEqualTo(1);
        Site.show(edge.view(), "example.com", ZoneStatus.ACTIVE, "a.example.com A 192.0.2.1", second);
        Await.until(() -> answered(edge, HOST).size() == 2 && status(edge).size() == 1);
    }

    @Test
    void what_most_nodes_find_holds_for_all() throws Exception {
        Checked one = new Checked("one");
        Checked two = new Checked("two");
        Map<String, byte[]> others = new ConcurrentHashMap<>();
        Edge edge = edge(one.origin, two.origin)
                .peers(new HealthPeers() {
                    @Override
                    public Map<String, byte[]> reports() {
                        return Map.copyOf(others);
                    }

                    @Override
                    public boolean isServing() {
                        return true;
                    }
                })
                .site("example.com", json(HTTP), "+a.example.com A 192.0.2.1", "+a.example.com A 192.0.2.2")
                .start();
        Await.until(() -> one.checks.size() > 1 && two.checks.size() > 1);
        HealthReport own = HealthReport.decode(edge.service().healthReport());
        assertThat(own.isServing()).isTrue();
        assertThat(own.findings()).hasSize(2);
        others.put("b", verdicts(own, Health.DOWN, true));
        others.put("c", verdicts(own, Health.UP, true));
        Await.until(() -> status(edge).values().stream().allMatch(each -> each.down() == 1 && each.up() == 2));
        assertThat(out(edge))
                .describedAs("one node's broken path moves nothing")
                .isZero();
        others.put("c", verdicts(own, Health.DOWN, true));
        Await.until(() -> out(edge) == 2);
        others.put("c", verdicts(own, Health.DOWN, false));
        Await.until(() -> out(edge) == 0); // a node without visitors has no say
        others.put("b", new byte[] {9});
        others.remove("c");
        one.status.set(500);
        Await.until(() -> out(edge) == 1); // a node that reaches no other goes by what it finds itself
    }

    private static byte[] verdicts(HealthReport report, Health verdict, boolean isServing) {
        return new HealthReport(
                        isServing,
                        report.findings().keySet().stream()
                                .collect(Collectors.toMap(key -> key, key -> new Finding(verdict, 0))))
                .encoded();
    }

    @Test
    void before_its_own_first_check_has_ended_a_node_takes_no_other_nodes_word() throws Exception {
        CountDownLatch checked = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        RawOrigin slow = opened(new RawOrigin(connection -> {
            while (true) {
                connection.readHead();
                checked.countDown();
                assertThat(goesOn.await(20, TimeUnit.SECONDS)).isTrue();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        }));
        Map<String, byte[]> others = new ConcurrentHashMap<>();
        AtomicInteger asked = new AtomicInteger();
        Edge edge = edge(slow)
                .peers(new HealthPeers() {
                    @Override
                    public Map<String, byte[]> reports() {
                        asked.incrementAndGet();
                        return Map.copyOf(others);
                    }

                    @Override
                    public boolean isServing() {
                        return true;
                    }
                })
                .site("example.com", json(HTTP), "+a.example.com A 192.0.2.1")
                .start();
        assertThat(checked.await(20, TimeUnit.SECONDS)).isTrue();
        others.put("b", verdicts(HealthReport.decode(edge.service().healthReport()), Health.DOWN, true));
        int before = asked.get();
        Await.until(() -> asked.get() > before + 2);
        assertThat(out(edge)).isZero();
        goesOn.countDown();
        Await.until(() -> only(edge).up() == 1 && only(edge).down() == 1);
        assertThat(edge.counters().of(Event.HEALTH_ORIGINS_OUT)).isZero();
    }

    @Test
    void the_edge_checks_no_address_that_it_would_not_forward_to() throws Exception {
        Checked one = new Checked("one");
        Edge edge = edge(one.origin)
                .site("example.com", "a.example.com A 169.254.169.254 " + json(HTTP))
                .start();
        Await.until(() ->
                !edge.service().healthChecks().isEmpty() && !only(edge).reason().isEmpty());
        assertThat(only(edge).reason()).isEqualTo("the edge does not connect to this address");
        assertThat(only(edge).here()).isEqualTo("unknown");
        assertThat(edge.counters().of(Event.HEALTH_CHECKS)).isZero();
    }

    @Test
    void more_checks_than_may_be_are_left_out_and_counted() throws Exception {
        Checked one = new Checked("one");
        Edge edge = opened(Edge.edge())
                .health(new HealthConfig(
                        Duration.ofMillis(40), Duration.ofSeconds(5), 0, Duration.ofMillis(20), 1, 1, 4_096))
                .origin("192.0.2.1", one.origin.port())
                .site(
                        "example.com",
                        "a.example.com A 192.0.2.1 " + json(HTTP),
                        "b.example.com A 192.0.2.1 " + json(HTTP))
                .start();
        Await.until(() -> edge.counters().of(Event.HEALTH_CHECKS_OMITTED) == 1 && one.checks.size() > 1);
        assertThat(edge.service().healthChecks()).hasSize(1);
    }
}
