package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Cidr;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ClientRates;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.reply.EdgeError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one client network may send, whatever it speaks: requests a second, octets of heads a second, connections. */
class NetworkLimitsEveryWireTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static TestCertificate certificate;
    private static ScriptedOrigin origin;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create(ClientWire.HOST);
        origin = new ScriptedOrigin();
    }

    @AfterAll
    static void stop() throws Exception {
        origin.close();
        certificate.close();
    }

    private static Edge edge(int requests, int headBytes, int burstSeconds, Cidr... exempt) {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .rates(new ClientRates(requests, headBytes, Duration.ofSeconds(burstSeconds), 1024, List.of(exempt)))
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port());
    }

    private static int status(Visit visit, String... lines) throws IOException {
        visit.get("/", lines);
        int status = visit.head().status();
        visit.rest();
        return status;
    }

    /** A visit from another address of this machine. */
    private static Visit visitFrom(String address, ClientWire wire, Edge edge) throws Exception {
        int port = edge.service().listeners().get(wire.isTls() ? 1 : 0).port();
        return wire.visit(address, port);
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void requests_beyond_the_rate_are_told_to_come_later(ClientWire wire) throws Exception {
        try (Edge edge = edge(1, 0, 60).start();
                Visit visit = wire.visit(edge);
                Visit other = visitFrom("127.0.0.2", wire, edge)) {
            for (int i = 0; i < 60; i++) {
                assertThat(status(visit)).isEqualTo(200);
            }
            Await.until(() -> isLimited(visit));
            Await.until(() -> isLimitedWithPage(wire, edge));
            assertThat(status(other)).isEqualTo(200);
            assertThat(edge.counters().of(Event.REQUESTS_LIMITED)).isGreaterThanOrEqualTo(2);
            assertThat(edge.counters().of(EdgeError.RATE_LIMITED))
                    .isEqualTo(edge.counters().of(Event.REQUESTS_LIMITED));
            Await.until(() -> !isLimitedWithPage(wire, edge));
        }
    }

    /** On a connection of its own, and for what the edge answers by itself. */
    private static boolean isLimitedWithPage(ClientWire wire, Edge edge) {
        try (Visit visit = wire.visit(edge)) {
            visit.ask("GET", "/cdn-cgi/trace", ClientWire.HOST, true, List.of("Accept: application/json"));
            Visit.Head head = visit.head();
            String body = new String(visit.rest().body(), StandardCharsets.UTF_8);
            if (head.status() == 200) {
                return false;
            }
            assertThat(head.status()).isEqualTo(429);
            assertThat(head.field("retry-after")).isEqualTo("30");
            assertThat(head.field("cf-error-type")).isEqualTo("rate_limited");
            assertThat(body).contains("\"error_code\":1015");
            return true;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isLimited(Visit visit, String... lines) {
        try {
            return status(visit, lines) == 429;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void heads_that_together_are_too_long_are_refused(ClientWire wire) throws Exception {
        String cookie = "Cookie: a=" + "x".repeat(9_000);
        try (Edge edge = edge(0, 100, 100).start();
                Visit visit = wire.visit(edge)) {
            assertThat(status(visit, cookie)).isEqualTo(200);
            assertThat(status(visit, cookie)).isEqualTo(429);
            assertThat(status(visit)).isEqualTo(200);
            assertThat(edge.counters().of(Event.HEADS_LIMITED)).isEqualTo(1);
            assertThat(edge.counters().of(Event.REQUESTS_LIMITED)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void heads_that_are_refused_count_too(ClientWire wire) throws Exception {
        String[] cookie = {"Cookie: a=" + "x".repeat(17 * 1024)};
        try (Edge edge = edge(0, 100, 100).start()) {
            for (int status : List.of(431, 429)) {
                try (Visit visit = wire.visit(edge)) {
                    assertThat(status(visit, cookie)).isEqualTo(status);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void behind_a_trusted_proxy_each_client_has_its_own_count(ClientWire wire) throws Exception {
        String one = "X-Forwarded-For: 198.51.100.1";
        ClientLimits limits = new ClientLimits(LONG, LONG, LONG, LONG, LONG, LONG, 100, 1, 32, 56);
        try (Edge edge = edge(1, 0, 60).clients(limits).trusted("127.0.0.1").start();
                Visit visit = wire.visit(edge);
                Visit second = wire.visit(edge)) {
            for (int i = 0; i < 60; i++) {
                assertThat(status(visit, one)).isEqualTo(200);
            }
            Await.until(() -> isLimited(second, one));
            assertThat(status(visit, "X-Forwarded-For: 198.51.100.2")).isEqualTo(200);
            for (int i = 0; i < 70; i++) {
                assertThat(status(second)).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_exempt_network_has_no_limits(ClientWire wire) throws Exception {
        ClientLimits limits = new ClientLimits(LONG, LONG, LONG, LONG, LONG, LONG, 100, 1, 32, 56);
        try (Edge edge = edge(1, 100, 1, Cidr.of("127.0.0.0/8")).clients(limits).start();
                Visit visit = wire.visit(edge);
                Visit second = wire.visit(edge)) {
            for (int i = 0; i < 5; i++) {
                assertThat(status(visit)).isEqualTo(200);
                assertThat(status(second)).isEqualTo(200);
            }
        }
    }
}
