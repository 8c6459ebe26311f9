package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.coding.CompressionConfig;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.reply.EdgeError;
import io.anycastle.proxy.reply.ReplyConfig;
import io.anycastle.proxy.reply.UnknownHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the edge says by itself, whatever the visitor speaks: to hosts that nobody has, to bodies beyond the limit, and of time. */
class OwnAnswersEveryWireTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final int BODY_MAX = 100_000;

    private static TestCertificate certificate;
    private static ScriptedOrigin origin;
    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create("a.example.com");
        origin = new ScriptedOrigin();
        edge = unstarted(new UnknownHost.Page()).requestBytesMax(BODY_MAX).start();
    }

    private static Edge unstarted(UnknownHost unknownHost) {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .reply(new ReplyConfig(CompressionConfig.DEFAULTS, true, unknownHost))
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1", "+down.example.com A 192.0.2.2")
                .origin("192.0.2.1", origin.port())
                .origin("192.0.2.2", 1);
    }

    @AfterAll
    static void stop() throws Exception {
        edge.close();
        origin.close();
        certificate.close();
    }

    @BeforeEach
    void forget() {
        origin.forget();
    }

    // ---- hosts that nobody has

    static Stream<Arguments> nobodys() {
        return Arrays.stream(ClientWire.values())
                .flatMap(wire -> Stream.of("nobody.example.org", "127.0.0.1").map(host -> Arguments.of(wire, host)));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("nobodys")
    void a_host_that_nobody_has_is_not_found(ClientWire wire, String host) throws Exception {
        try (Edge other = unstarted(new UnknownHost.NotFound()).start();
                Visit visit = wire.visit(other)) {
            visit.ask("GET", "/", host, true, List.of());
            assertThat(visit.head().status()).isEqualTo(404);
            assertThat(visit.rest().body()).asString().isEqualTo("Not found\n");
            visit.get("/");
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(other.counters().of(EdgeError.UNKNOWN_HOST)
                            + other.counters().of(EdgeError.BARE_ADDRESS))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("nobodys")
    void a_host_that_nobody_has_is_sent_elsewhere(ClientWire wire, String host) throws Exception {
        try (Edge other = unstarted(new UnknownHost.Redirect("https://example.net/x"))
                        .start();
                Visit visit = wire.visit(other)) {
            visit.ask("GET", "/y", host, true, List.of());
            Visit.Head head = visit.head();
            assertThat(head.status()).isEqualTo(302);
            assertThat(head.field("location")).isEqualTo("https://example.net/x");
            assertThat(visit.rest().body()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("nobodys")
    void a_host_that_nobody_has_is_hung_up_on(ClientWire wire, String host) throws Exception {
        ClientLimits limits = new ClientLimits(LONG, LONG, LONG, LONG, LONG, SHORT, 1000, 1000, 32, 64);
        try (Edge other = unstarted(new UnknownHost.Close()).clients(limits).start();
                Visit visit = wire.visit(other)) {
            visit.ask("GET", "/", host, true, List.of());
            assertThatThrownBy(visit::head).isInstanceOf(IOException.class);
            Await.until(() -> other.counters().connectionsOpen() == 0);
        }
    }

    // ---- bodies beyond the limit

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_body_that_says_that_it_is_too_long_is_refused_before_it_comes(ClientWire wire) throws Exception {
        for (List<String> lines : List.of(List.<String>of(), List.of("Expect: 100-continue"))) {
            try (Visit visit = wire.visit(edge)) {
                visit.ask(
                        "POST",
                        "/",
                        ClientWire.HOST,
                        false,
                        Stream.concat(lines.stream(), Stream.of("Content-Length: " + (BODY_MAX + 1)))
                                .toList());
                assertThat(visit.head().status()).isEqualTo(413);
                assertThat(visit.rest().body()).asString().contains("413");
                assertThat(origin.unseen()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_body_that_becomes_too_long_is_refused_and_its_origin_left(ClientWire wire) throws Exception {
        AtomicBoolean isLeft = new AtomicBoolean();
        CountDownLatch isAsked = new CountDownLatch(1);
        String path = origin.on((peer, head) -> {
            isAsked.countDown();
            try {
                while (true) {
                    peer.exactly(1);
                }
            } finally {
                isLeft.set(true);
            }
        });
        try (Visit visit = wire.visit(edge)) {
            visit.ask("POST", path, ClientWire.HOST, false, List.of());
            visit.send(new byte[BODY_MAX / 2]);
            assertThat(isAsked.await(20, TimeUnit.SECONDS)).isTrue();
            visit.send(new byte[BODY_MAX / 2 + 1]);
            assertThat(visit.head().status()).isEqualTo(413);
            visit.rest();
        }
        Await.until(isLeft::get);
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_body_as_long_as_the_limit_passes(ClientWire wire) throws Exception {
        String path = origin.on((peer, head) -> {
            String line = peer.readLine();
            while (!line.equals("0")) {
                peer.exactly(Integer.parseInt(line, 16));
                peer.readLine();
                line = peer.readLine();
            }
            peer.readLine();
            peer.send(OK);
        });
        try (Visit visit = wire.visit(edge)) {
            visit.ask("POST", path, ClientWire.HOST, false, List.of());
            visit.send(new byte[BODY_MAX]);
            visit.end();
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(visit.rest().body()).hasSize(2);
        }
    }

    // ---- time

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_answer_has_a_date_and_only_one(ClientWire wire) throws Exception {
        String dated =
                origin.answering("HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n");
        try (Visit visit = wire.visit(edge)) {
            visit.get("/");
            assertThat(visit.head().field("date")).matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [0-9:]{8} GMT");
            visit.rest();
            visit.get(dated);
            assertThat(visit.head().fields().stream()
                            .filter(field -> field.startsWith("date: "))
                            .toList())
                    .containsExactly("date: Thu, 01 Jan 2026 00:00:00 GMT");
            visit.rest();
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_answer_tells_what_its_time_went_into(ClientWire wire) throws Exception {
        String ms = ";dur=\\d+\\.\\d{3}";
        String path = origin.answering("HTTP/1.1 200 OK\r\nServer-Timing: db;dur=3\r\nContent-Length: 0\r\n\r\n");
        try (Visit visit = wire.visit(edge)) {
            visit.get(path);
            List<String> timings = visit.head().fields().stream()
                    .filter(field -> field.startsWith("server-timing: "))
                    .toList();
            assertThat(timings).hasSize(2).contains("server-timing: db;dur=3");
            assertThat(timings.getLast()).matches("server-timing: edge" + ms + ", connect" + ms + ", origin" + ms);
            visit.rest();
            visit.ask("GET", "/", "down.example.com", true, List.of());
            Visit.Head refused = visit.head();
            assertThat(refused.status()).isEqualTo(521);
            assertThat(refused.field("server-timing")).matches("edge" + ms + ", connect" + ms);
            visit.rest();
            visit.get("/cdn-cgi/trace");
            assertThat(visit.head().field("server-timing")).matches("edge" + ms);
            assertThat(new String(visit.rest().body(), StandardCharsets.UTF_8)).contains("colo=TST");
        }
    }
}
