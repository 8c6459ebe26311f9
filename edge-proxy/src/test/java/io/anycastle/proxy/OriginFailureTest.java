package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.reply.EdgeError;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way an origin can fail has its number, shown by an origin that fails so. */
class OriginFailureTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int PORTS_TRIED_MAX = 10;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static Edge edge() {
        return Edge.edge().site("example.com", "+a.example.com A 192.0.2.1");
    }

    private static void assertError(RawClient.Answer answer, int status, int code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains("\"error_code\":" + code + ",");
        assertThat(answer.header("cf-error-type")).isNotEmpty();
        assertThat(answer.header("CF-Ray")).isNotEmpty();
    }

    private static RawClient.Answer ask(Edge edge) throws Exception {
        try (var client = edge.client()) {
            return client.get("a.example.com", "/", "Accept: application/json");
        }
    }

    static Stream<Arguments> unexpected() {
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("half a head", "HTTP/1.1 200 OK\r\nConte"),
                Arguments.of("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
                Arguments.of("a bad status", "HTTP/1.1 abc OK\r\n\r\n"),
                Arguments.of("an unknown version", "HTTP/3.7 200 OK\r\nContent-Length: 0\r\n\r\n"),
                Arguments.of("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
                Arguments.of(
                        "length and coding",
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("headers beyond the limit", "HTTP/1.1 200 OK\r\nX: " + "a".repeat(40_000) + "\r\n\r\n"),
                Arguments.of("101 that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unexpected")
    void an_answer_that_is_not_one_is_520(String what, String bytes) throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(bytes);
                });
                var edge = edge().origin("192.0.2.1", origin.port()).start()) {
            assertError(ask(edge), 520, 520);
        }
    }

    @Test
    void a_reset_instead_of_an_answer_is_520() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.socket().setSoLinger(true, 0);
                });
                var edge = edge().origin("192.0.2.1", origin.port()).start()) {
            assertError(ask(edge), 520, 520);
        }
    }

    @Test
    void a_refused_connection_is_521() throws Exception {
        try (var dead = new DeadPort();
                var edge = edge().origin("192.0.2.1", dead.port()).start()) {
            assertError(ask(edge), 521, 521);
            assertThat(edge.counters().of(EdgeError.ORIGIN_REFUSED)).isEqualTo(1);
        }
    }

    @Test
    void a_connection_that_is_not_accepted_in_time_is_522() throws Exception {
        try (var full = new FullPort();
                var edge = edge().originTimes(SHORT, LONG, LONG, LONG)
                        .origin("192.0.2.1", full.port())
                        .start()) {
            assertError(ask(edge), 522, 522);
        }
    }

    @Test
    void an_origin_without_a_route_is_523() throws Exception {
        // No machine has a route to this one: it is the discard prefix's neighbour, and connect() fails at once.
        try (var edge = edge().allow("255.255.255.255", "127.0.0.0/8")
                .origin("192.0.2.1", "255.255.255.255", 9)
                .start()) {
            assertThat(ask(edge).status()).isEqualTo(523);
        }
    }

    @Test
    void an_answer_that_does_not_come_is_524() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.peer().in().read();
                });
                var edge = edge().originTimes(LONG, SHORT, LONG, LONG)
                        .origin("192.0.2.1", origin.port())
                        .start()) {
            assertError(ask(edge), 524, 524);
        }
    }

    @Test
    void a_request_body_that_the_origin_does_not_take_is_524() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.holdOpen();
                });
                var edge = edge().originTimes(LONG, LONG, LONG, SHORT)
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = edge.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 1000000000\r\n\r\n");
            Thread.ofVirtual().start(() -> sendForEver(client));

            assertThat(client.readLine()).contains(" 524 ");
        }
    }

    private static void sendForEver(RawClient client) {
        try {
            while (true) {
                client.send(new byte[65536]);
            }
        } catch (IOException e) {
            // The edge has heard enough.
        }
    }

    @Test
    void an_origin_without_tls_is_525() throws Exception {
        try (var pem = TestCertificate.create("a.example.com");
                var origin = new RawOrigin(connection -> connection.send("220 no TLS here\r\n"));
                var edge = edge().origin("192.0.2.1", origin.port())
                        .listeners(pem.listener())
                        .start();
                var client = pem.client(edge.port(), "a.example.com")) {
            assertError(client.get("a.example.com", "/", "Accept: application/json"), 525, 525);
        }
    }

    @Test
    void an_origin_with_a_certificate_nobody_vouches_for_is_526_in_strict_mode() throws Exception {
        try (var pem = TestCertificate.create("a.example.com");
                var origin = pem.origin(OK);
                var edge = edge().tls(OriginTlsMode.STRICT)
                        .origin("192.0.2.1", origin.port())
                        .listeners(pem.listener())
                        .start();
                var client = pem.client(edge.port(), "a.example.com")) {
            assertError(client.get("a.example.com", "/", "Accept: application/json"), 526, 526);
        }
    }

    @Test
    void an_origin_with_any_certificate_is_asked_over_tls_in_full_mode() throws Exception {
        try (var pem = TestCertificate.create("other.example.net");
                var origin = pem.origin(OK);
                var edge = edge().origin("192.0.2.1", origin.port())
                        .listeners(pem.listener())
                        .start();
                var client = pem.client(edge.port(), "a.example.com")) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
        }
    }

    @Test
    void an_origin_is_asked_in_plain_http_in_flexible_mode() throws Exception {
        try (var pem = TestCertificate.create("a.example.com");
                var origin = RawOrigin.answering(OK);
                var edge = edge().tls(OriginTlsMode.FLEXIBLE)
                        .origin("192.0.2.1", origin.port())
                        .listeners(pem.listener())
                        .start();
                var client = pem.client(edge.port(), "a.example.com")) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
        }
    }

    @Test
    void a_target_name_without_an_address_is_530_with_1016() throws Exception {
        try (var edge = Edge.edge()
                .site("example.com", "+a.example.com CNAME gone.example.net")
                .start()) {
            assertError(ask(edge), 530, 1016);
        }
    }

    @Test
    void an_unknown_host_is_1001() throws Exception {
        try (var edge = edge().start();
                var client = edge.client()) {
            assertError(client.get("nobody.example.org", "/", "Accept: application/json"), 530, 1001);
        }
    }

    @Test
    void an_address_as_host_is_1003() throws Exception {
        try (var edge = edge().start();
                var client = edge.client()) {
            assertError(client.get("127.0.0.1", "/", "Accept: application/json"), 403, 1003);
            assertError(client.get("[::1]:80", "/", "Accept: application/json"), 403, 1003);
        }
    }

    @Test
    void a_dns_only_host_is_1004() throws Exception {
        try (var edge =
                Edge.edge().site("example.com", "a.example.com A 192.0.2.1").start()) {
            assertError(ask(edge), 403, 1004);
        }
    }

    @Test
    void a_record_that_points_to_the_edge_is_1000() throws Exception {
        try (var edge = edge().edgeAddresses("192.0.2.1").start()) {
            assertError(ask(edge), 403, 1000);
        }
    }

    @Test
    void an_origin_that_is_a_listener_of_this_node_is_1000_even_where_loopback_is_allowed() throws Exception {
        try (var edge = itsOwnOrigin()) {
            assertError(ask(edge), 403, 1000);
        }
    }

    private static Edge itsOwnOrigin() throws Exception {
        for (int attempt = 1; ; attempt++) {
            int port;
            try (var dead = new DeadPort()) {
                port = dead.port();
            }
            Edge edge =
                    edge().listeners(ListenerConfig.plain("127.0.0.1", port)).origin("192.0.2.1", port);
            try {
                return edge.start();
            } catch (ExecutionException e) {
                edge.close();
                if (attempt == PORTS_TRIED_MAX) {
                    throw e;
                }
                // somebody took the port meanwhile: another one
            }
        }
    }

    @Test
    void a_loopback_address_is_1002_unless_the_operator_lists_it() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = edge().allow().origin("192.0.2.1", origin.port()).start()) {
            assertError(ask(edge), 403, 1002);
            assertThat(origin.connections()).isZero();
        }
    }

    @Test
    void a_request_that_has_passed_too_often_is_1000() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = edge().origin("192.0.2.1", origin.port()).start();
                var client = edge.client()) {
            assertThat(client.get(
                                    "a.example.com",
                                    "/",
                                    "CDN-Loop: anycastle, other, Anycastle;v=1",
                                    "CDN-Loop: anycastle")
                            .status())
                    .isEqualTo(200);
            assertError(
                    client.get(
                            "a.example.com",
                            "/",
                            "Accept: application/json",
                            "CDN-Loop: anycastle, anycastle",
                            "CDN-Loop: anycastle;a=b, anycastle"),
                    403,
                    1000);
        }
    }

    @Test
    void a_full_queue_for_the_origin_is_1200() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    asked.countDown();
                    connection.peer().in().read();
                });
                var edge = edge().pool(1, 1).origin("192.0.2.1", origin.port()).start();
                var first = edge.client();
                var second = edge.client();
                var third = edge.client()) {
            String get = "GET / HTTP/1.1\r\nHost: a.example.com\r\nAccept: application/json\r\n\r\n";
            first.send(get);
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            second.send(get);
            third.send(get);
            // whichever comes first waits in the queue, for longer than the test lasts
            Await.until(() -> second.hasMore() || third.hasMore());
            assertError((second.hasMore() ? second : third).read(), 503, 1200);
            assertThat(second.hasMore() || third.hasMore()).isFalse();
        }
    }

    @Test
    void another_address_is_asked_when_one_refuses() throws Exception {
        try (var dead = new DeadPort();
                var origin = RawOrigin.answering(OK);
                var edge = Edge.edge()
                        .site("example.com", "+a.example.com A 192.0.2.1", "+a.example.com A 192.0.2.2")
                        .origin("192.0.2.1", dead.port())
                        .origin("192.0.2.2", origin.port())
                        .start();
                var client = edge.client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("a.example.com", "/").status()).isEqualTo(200);
            }
            client.send("POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(edge.counters().of(ProxyCounters.Event.ORIGIN_FAILOVERS)).isPositive();
        }
    }

    @Test
    void requests_take_turns_between_addresses() throws Exception {
        try (var one = RawOrigin.answering(OK);
                var two = RawOrigin.answering(OK);
                var edge = Edge.edge()
                        .site("example.com", "+a.example.com A 192.0.2.1", "+a.example.com A 192.0.2.2")
                        .origin("192.0.2.1", one.port())
                        .origin("192.0.2.2", two.port())
                        .start();
                var client = edge.client()) {
            for (int i = 0; i < 4; i++) {
                client.get("a.example.com", "/");
            }
            assertThat(one.connections()).isEqualTo(1);
            assertThat(two.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_kept_connection_that_died_is_replaced_without_the_client_noticing() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(OK);
                    if (connection.number() == 1) {
                        connection.readHead();
                    } else {
                        connection.peer().in().read();
                    }
                });
                var edge = edge().origin("192.0.2.1", origin.port()).start();
                var client = edge.client()) {
            assertThat(client.get("a.example.com", "/").status()).isEqualTo(200);
            assertThat(client.get("a.example.com", "/").status()).isEqualTo(200);
            assertThat(origin.connections()).isEqualTo(2);
            assertThat(edge.counters().of(ProxyCounters.Event.ORIGIN_RETRIES)).isEqualTo(1);
        }
    }

    @Test
    void a_post_is_not_sent_twice() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(OK);
                    connection.readHead();
                });
                var edge = edge().origin("192.0.2.1", origin.port()).start();
                var client = edge.client()) {
            assertThat(client.get("a.example.com", "/").status()).isEqualTo(200);
            client.send("POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(520);
        }
    }

    @Test
    void a_name_inside_our_zones_is_followed_and_one_outside_is_looked_up() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = Edge.edge()
                        .site(
                                "example.com",
                                "+inside.example.com CNAME hop.example.com",
                                "hop.example.com CNAME real.example.com",
                                "real.example.com A 192.0.2.1",
                                "+outside.example.com CNAME web.example.net",
                                "+wild.example.com CNAME any.pool.example.com",
                                "*.pool.example.com A 192.0.2.1",
                                "+loop.example.com CNAME pool2.example.com",
                                "pool2.example.com CNAME loop.example.com")
                        .foreign("web.example.net", "192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = edge.client()) {
            assertThat(client.get("inside.example.com", "/").status()).isEqualTo(200);
            assertThat(client.get("outside.example.com", "/").status()).isEqualTo(200);
            assertThat(client.get("wild.example.com", "/").status()).isEqualTo(200);
            assertError(client.get("loop.example.com", "/", "Accept: application/json"), 530, 1016);
        }
    }

    @Test
    void a_partial_zone_is_followed_only_from_inside_it_and_only_as_far_as_its_own_records_reach() throws Exception {
        try (var dead = new DeadPort();
                var origin = RawOrigin.answering(OK);
                var edge = Edge.edge()
                        .site("example.net", "+across.example.net CNAME www.example.com")
                        .foreign("www.example.com", "192.0.2.2")
                        .foreign("origin.example.com", "192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .origin("192.0.2.2", dead.port())
                        .start();
                var client = edge.client()) {
            Site.showPartial(
                    edge.view(),
                    "example.com",
                    "+www.example.com A 192.0.2.1",
                    "+own.example.com CNAME www.example.com",
                    "+elsewhere.example.com CNAME origin.example.com",
                    "+gone.example.com CNAME gone2.example.com");
            assertThat(client.get("www.example.com", "/").status()).isEqualTo(200);
            assertThat(client.get("own.example.com", "/").status()).isEqualTo(200);
            assertThat(client.get("elsewhere.example.com", "/").status()).isEqualTo(200);
            assertError(client.get("gone.example.com", "/", "Accept: application/json"), 530, 1016);
            assertError(client.get("across.example.net", "/", "Accept: application/json"), 521, 521);
        }
    }
}
