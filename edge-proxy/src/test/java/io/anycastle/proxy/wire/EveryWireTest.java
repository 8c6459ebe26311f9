package io.anycastle.proxy.wire;

import static io.anycastle.proxy.wire.ClientWire.onEveryWire;
import static io.anycastle.proxy.wire.ClientWire.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.reply.EdgeError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every visitor, whatever it speaks: each case runs over each wire (RFC 9110, RFC 9113, RFC 8441). */
class EveryWireTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(400);
    /** Heads that Netty's codec of HTTP/3 does not let through, as RFC 9114 section 4.3.1 has it. */
    private static final List<String> MALFORMED_IN_HTTP3 = List.of("no host", "two hosts");

    private static final int LARGE = 8 * 1024 * 1024;
    private static final int PIECE = 64 * 1024;
    /** What kernels and windows hold between two ends that do not read. */
    private static final long HELD_MAX = 32L * 1024 * 1024;

    private static TestCertificate certificate;
    private static ScriptedOrigin origin;
    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create("a.example.com");
        origin = new ScriptedOrigin();
        edge = unstarted().start();
    }

    private static Edge unstarted() {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1", "dns.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port());
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

    // ---- what is refused

    static Stream<Arguments> refused() {
        String long17 = "a".repeat(17 * 1024);
        return onEveryWire(
                row("a host with userinfo", "GET", "/", "u@a.example.com", List.of(), 400),
                row("a host with an empty label", "GET", "/", "a..example.com", List.of(), 400),
                row("a host with a bad port", "GET", "/", "a.example.com:99999", List.of(), 400),
                row("a host with a path", "GET", "/", "a.example.com/x", List.of(), 400),
                row("no host", "GET", "/", "", List.of(), 400),
                row("two hosts", "GET", "/", "a.example.com", List.of("Host: b.example.com"), 400),
                row("a fragment", "GET", "/#a", "a.example.com", List.of(), 400),
                row("TRACE", "TRACE", "/", "a.example.com", List.of(), 405),
                row("a DNS only host", "GET", "/", "dns.example.com", List.of(), 403),
                row("a target beyond the limit", "GET", "/" + long17, "a.example.com", List.of(), 414),
                row("a header beyond the limit", "GET", "/", "a.example.com", List.of("X: " + long17), 431),
                row(
                        "headers beyond the limit",
                        "GET",
                        "/",
                        "a.example.com",
                        Stream.generate(() -> "X: " + "a".repeat(8000)).limit(5).toList(),
                        431),
                row("a path of the edge's own", "GET", "/cdn-cgi/none", "a.example.com", List.of(), 404),
                row(
                        "a loop",
                        "GET",
                        "/",
                        "a.example.com",
                        List.of("CDN-Loop: anycastle, anycastle, anycastle, anycastle"),
                        403));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("refused")
    void a_request_is_refused_with_the_edges_own_page(
            ClientWire wire, String what, String method, String target, String host, List<String> lines, int status)
            throws Exception {
        try (Visit visit = wire.visit(edge)) {
            visit.ask(method, target, host, true, lines);
            if (wire == ClientWire.HTTP_3 && MALFORMED_IN_HTTP3.contains(what)) {
                assertThatThrownBy(visit::head).hasMessage("reset " + 0x10e);
                return;
            }
            Visit.Head head = visit.head();
            assertThat(head.status()).isEqualTo(status);
            assertThat(head.field("cf-ray")).isNotEmpty();
            assertThat(head.field("server")).isEqualTo("anycastle");
            assertThat(head.field("cache-control")).isEqualTo("private, no-store");
            assertThat(new String(visit.rest().body(), StandardCharsets.UTF_8)).contains(head.field("cf-ray"));
            assertThat(origin.unseen()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_unknown_host_and_a_bare_address_have_their_pages(ClientWire wire) throws Exception {
        try (Visit visit = wire.visit(edge)) {
            visit.ask("GET", "/", "nobody.example.org", true, List.of());
            assertThat(visit.head().status()).isEqualTo(530);
            visit.rest();
            visit.ask("GET", "/", "127.0.0.1", true, List.of());
            assertThat(visit.head().status()).isEqualTo(403);
            visit.rest();
        }
    }

    // ---- what passes

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void the_origin_hears_what_the_edge_knows_and_nothing_that_belongs_to_another_connection(ClientWire wire)
            throws Exception {
        try (Visit visit = wire.visit(edge)) {
            visit.get(
                    "/x?y",
                    "Accept: */*",
                    "X.Y: 1",
                    "CF-Connecting-IP: 6.6.6.6",
                    "X_Forwarded_Proto: 6.6.6.6",
                    "Proxy-Authorization: 6.6.6.6",
                    "X-Forwarded-For: 1.1.1.1",
                    "CDN-Loop: cloudflare",
                    "Max-Forwards: 3",
                    "Cookie: a=b; c=d");
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(visit.rest().body()).hasSize(2);
            assertThat(origin.nextHead().stream()
                            .map(line -> line.replaceAll("cf-ray: .*", "cf-ray: -"))
                            .toList())
                    .containsExactlyInAnyOrder(
                            "GET /x?y HTTP/1.1",
                            "host: a.example.com",
                            "accept: */*",
                            "x.y: 1",
                            "max-forwards: 3",
                            "cookie: a=b; c=d",
                            "x-forwarded-for: 1.1.1.1, 127.0.0.1",
                            "x-forwarded-proto: " + wire.scheme(),
                            "cf-connecting-ip: 127.0.0.1",
                            "cf-visitor: {\"scheme\":\"" + wire.scheme() + "\"}",
                            "cf-ray: -",
                            "cdn-loop: cloudflare, anycastle",
                            "accept-encoding: gzip, br",
                            "connection: Keep-Alive");
        }
    }

    static Stream<Arguments> answers() {
        return onEveryWire(
                row("a length", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 200, "abc"),
                row(
                        "chunks",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
                        200,
                        "abc"),
                row("an empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, ""),
                row("empty chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, ""),
                row("no content", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
                row("not modified", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 9\r\n\r\n", 304, ""),
                row("an odd status", "HTTP/1.1 599 Own\r\nContent-Length: 2\r\n\r\nno", 599, "no"));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("answers")
    void an_answer_passes(ClientWire wire, String what, String message, int status, String body) throws Exception {
        String path = origin.answering(message);
        try (Visit visit = wire.visit(edge)) {
            for (int i = 0; i < 2; i++) {
                visit.get(path);
                assertThat(visit.head().status()).isEqualTo(status);
                assertThat(visit.rest().body()).asString().isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_answers_fields_pass_but_those_of_its_connection_and_of_the_edge(ClientWire wire) throws Exception {
        String path = origin.answering(String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Content-Length: 2",
                "X-Own: 1",
                "Set-Cookie: a=b",
                "Set-Cookie: c=d",
                "Server: other",
                "CF-Ray: 6",
                "Connection: X-Hop",
                "X-Hop: 1",
                "Keep-Alive: timeout=9",
                "Proxy-Authenticate: x",
                "Trailer: y",
                "X-Accel-Buffering: no",
                "Alt-Svc: h3=\":1\"",
                "",
                "ok"));
        try (Visit visit = wire.visit(edge)) {
            visit.get(path);
            assertThat(visit.head().fields().stream()
                            .filter(field -> !field.startsWith("date: "))
                            .map(field -> field.replaceAll("cf-ray: [0-9a-f]{16}-TST", "cf-ray: -"))
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of(
                                            "x-own: 1",
                                            "set-cookie: a=b",
                                            "set-cookie: c=d",
                                            "server: anycastle",
                                            "cf-ray: -",
                                            "cf-cache-status: DYNAMIC"),
                                    wire.announced().stream())
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_head_is_asked_for_alone(ClientWire wire) throws Exception {
        String path = origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        try (Visit visit = wire.visit(edge)) {
            for (int i = 0; i < 2; i++) {
                visit.ask("HEAD", path, ClientWire.HOST, true, List.of());
                assertThat(visit.head().status()).isEqualTo(200);
                assertThat(visit.rest().body()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void options_of_the_whole_server_and_of_the_edge_itself(ClientWire wire) throws Exception {
        try (Visit visit = wire.visit(edge)) {
            visit.ask("OPTIONS", "*", ClientWire.HOST, true, List.of());
            assertThat(visit.head().status()).isEqualTo(200);
            visit.rest();
            assertThat(origin.nextHead()).contains("OPTIONS * HTTP/1.1");
            visit.ask("OPTIONS", "*", ClientWire.HOST, true, List.of("Max-Forwards: 0"));
            assertThat(visit.head().field("allow")).contains("GET");
            visit.rest();
            assertThat(origin.unseen()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void interim_answers_pass_before_the_answer(ClientWire wire) throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        String path = origin.on((peer, head) -> {
            peer.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            mayAnswer.await();
            peer.send(OK);
        });
        try (Visit visit = wire.visit(edge)) {
            visit.get(path);
            Visit.Head early = visit.head();
            assertThat(early.status()).isEqualTo(103);
            assertThat(early.field("link")).isEqualTo("</x>");
            mayAnswer.countDown();
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(visit.rest().body()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_visitor_that_waits_for_100_hears_it_once(ClientWire wire) throws Exception {
        String path = origin.on((peer, head) -> {
            assertThat(head).containsIgnoringCase("expect: 100-continue");
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            byte[] body = peer.exactly(4);
            peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
                    .send(body);
        });
        try (Visit visit = wire.visit(edge)) {
            visit.ask("POST", path, ClientWire.HOST, false, List.of("Content-Length: 4", "Expect: 100-continue"));
            assertThat(visit.head().status()).isEqualTo(100);
            visit.send(octets("body"));
            visit.end();
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(visit.rest().body()).asString().isEqualTo("body");
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void bodies_pass_piece_by_piece_both_ways(ClientWire wire) throws Exception {
        String path = origin.on((peer, head) -> {
            assertThat(head).containsIgnoringCase("transfer-encoding: chunked");
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (String size = peer.readLine(); !size.equals("0"); size = peer.readLine()) {
                byte[] piece = peer.exactly(Integer.parseInt(size, 16));
                peer.readLine();
                peer.send(size + "\r\n").send(piece).send("\r\n");
            }
            peer.readLine();
            peer.send("0\r\n\r\n");
        });
        try (Visit visit = wire.visit(edge)) {
            visit.ask("POST", path, ClientWire.HOST, false, List.of());
            assertThat(visit.head().status()).isEqualTo(200);
            for (String piece : List.of("one", "two", "three")) {
                visit.send(octets(piece));
                assertThat(visit.body(piece.length())).asString().isEqualTo(piece);
            }
            visit.end();
            assertThat(visit.rest().body()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void trailers_pass_both_ways_but_none_that_a_head_would_need(ClientWire wire) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        String path = origin.on((peer, head) -> {
            StringBuilder body = new StringBuilder();
            for (String line = peer.readLine(); !line.isEmpty(); line = peer.readLine()) {
                body.append(line).append('|');
            }
            heard.complete(body.toString());
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n");
            peer.send("grpc-status: 0\r\nContent-Length: 5\r\nCF-Ray: z\r\nConnection: close\r\n\r\n");
        });
        try (Visit visit = wire.visit(edge)) {
            visit.ask("POST", path, ClientWire.HOST, false, List.of());
            visit.send(octets("abc"));
            visit.end("X-Sum: 1", "Host: b.example.com", "X-Forwarded-For: 1.2.3.4");
            assertThat(visit.head().status()).isEqualTo(200);
            Visit.Rest rest = visit.rest();
            assertThat(rest.body()).asString().isEqualTo("ok");
            assertThat(rest.trailers()).containsExactly("grpc-status: 0");
            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualToIgnoringCase("3|abc|0|X-Sum: 1|");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void who_takes_trailers_says_so_to_the_origin(ClientWire wire) throws Exception {
        String path = origin.answering("HTTP/1.1 200 OK\r\ngrpc-status: 12\r\nContent-Length: 0\r\n\r\n");
        try (Visit visit = wire.visit(edge)) {
            List<String> lines =
                    wire.isMultiplexed() ? List.of("TE: trailers") : List.of("TE: trailers", "Connection: TE");
            visit.ask("POST", path, ClientWire.HOST, true, lines);
            assertThat(visit.head().field("grpc-status")).isEqualTo("12");
            assertThat(visit.rest().body()).isEmpty();
            assertThat(origin.nextHead()).contains("te: trailers", "connection: TE, Keep-Alive");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_answer_before_the_upload_is_whole_is_heard(ClientWire wire) throws Exception {
        String path = origin.on((peer, head) -> {
            peer.exactly(PIECE);
            peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 7\r\n\r\ntoo big");
            while (peer.in().read() >= 0) {
                // what comes all the same
            }
        });
        try (Visit visit = wire.visit(edge)) {
            visit.ask("POST", path, ClientWire.HOST, false, List.of("Content-Length: " + LARGE));
            visit.send(new byte[PIECE]);
            assertThat(visit.head().status()).isEqualTo(413);
            assertThat(visit.rest().body()).asString().isEqualTo("too big");
        }
    }

    // ---- back-pressure

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_visitor_that_does_not_read_stops_the_origin_and_loses_nothing(ClientWire wire) throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] piece = new byte[PIECE];
        int pieces = 640;
        String path = origin.on((peer, head) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) pieces * PIECE + "\r\n\r\n");
            for (int i = 0; i < pieces; i++) {
                peer.send(piece);
                written.addAndGet(PIECE);
            }
        });
        try (Visit visit = wire.visit(edge)) {
            visit.get(path);
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(standstill(written)).isLessThan(HELD_MAX);
            for (int i = 0; i < pieces; i++) {
                assertThat(visit.body(PIECE)).hasSize(PIECE);
            }
            assertThat(visit.rest().body()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_origin_that_does_not_read_stops_the_visitor(ClientWire wire) throws Exception {
        AtomicLong sent = new AtomicLong();
        CountDownLatch mayRead = new CountDownLatch(1);
        int pieces = 640;
        String path = origin.on((peer, head) -> {
            mayRead.await();
            for (int i = 0; i < pieces; i++) {
                peer.exactly(PIECE);
            }
            peer.send(OK);
        });
        try (Visit visit = wire.visit(edge)) {
            visit.ask("POST", path, ClientWire.HOST, false, List.of("Content-Length: " + (long) pieces * PIECE));
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < pieces; i++) {
                        visit.send(new byte[PIECE]);
                        sent.addAndGet(PIECE);
                    }
                    visit.end();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(standstill(sent)).isLessThan(HELD_MAX);
            mayRead.countDown();
            assertThat(visit.head().status()).isEqualTo(200);
            sending.get(20, TimeUnit.SECONDS);
        }
    }

    /** Waits until a number has not moved for a while. */
    private static long standstill(AtomicLong number) {
        long[] seen = {-1, System.nanoTime()};
        Await.until(() -> {
            long now = number.get();
            if (now != seen[0]) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > TimeUnit.MILLISECONDS.toNanos(300);
        });
        return seen[0];
    }

    // ---- ends before their time

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_visitor_that_gives_up_or_vanishes_cancels_the_work_of_the_origin(ClientWire wire) throws Exception {
        for (boolean isPolite : new boolean[] {true, false}) {
            CountDownLatch asked = new CountDownLatch(1);
            CompletableFuture<Boolean> ended = new CompletableFuture<>();
            String path = origin.on((peer, head) -> {
                peer.exactly(4);
                asked.countDown();
                ended.complete(peer.isClosedByPeer());
            });
            Visit visit = wire.visit(edge);
            visit.ask("POST", path, ClientWire.HOST, false, List.of("Content-Length: 10"));
            visit.send(octets("half"));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            if (isPolite) {
                visit.giveUp();
            } else {
                visit.close();
            }
            assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
            visit.close();
        }
    }

    static Stream<Arguments> cuts() {
        return onEveryWire(
                row("too little", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
                row("no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
                row("a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("cuts")
    void an_answer_that_is_cut_does_not_look_whole(ClientWire wire, String what, String message) throws Exception {
        String path = origin.on((peer, head) -> {
            peer.send(message);
            peer.close();
        });
        try (Visit visit = wire.visit(edge)) {
            visit.get(path);
            assertThatThrownBy(() -> {
                        visit.head();
                        visit.rest();
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    static Stream<Arguments> garbage() {
        return onEveryWire(
                row("nothing", ""),
                row("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
                row("half a head", "HTTP/1.1 200 OK\r\nConte"),
                row("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
                row("too much of a head", "HTTP/1.1 200 OK\r\nX: " + "a".repeat(40_000) + "\r\n\r\n"),
                row("a switch that nobody asked for", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("garbage")
    void an_answer_that_is_none_is_520(ClientWire wire, String what, String message) throws Exception {
        String path = origin.on((peer, head) -> {
            peer.send(message);
            peer.close();
        });
        try (Visit visit = wire.visit(edge)) {
            visit.get(path);
            assertThat(visit.head().status()).isEqualTo(520);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_visitor_that_stops_in_its_body_gets_408_and_an_origin_that_says_nothing_524(ClientWire wire)
            throws Exception {
        try (Edge hasty = unstarted()
                        .clients(new ClientLimits(LONG, LONG, LONG, SHORT, LONG, LONG, 1000, 1000, 32, 64))
                        .originTimes(LONG, SHORT, LONG, LONG)
                        .start();
                Visit slow = wire.visit(hasty);
                Visit waiting = wire.visit(hasty)) {
            String path = origin.on((peer, head) -> peer.in().readAllBytes());
            slow.ask("POST", path, ClientWire.HOST, false, List.of("Content-Length: 10"));
            slow.send(octets("half"));
            assertThat(slow.head().status()).isEqualTo(408);
            waiting.get(path);
            assertThat(waiting.head().status()).isEqualTo(524);
        }
    }

    /** It is never silent for long. A body whose length nobody knows may be events, which come when they come. */
    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_visitor_that_sends_its_body_too_slowly_gets_408(ClientWire wire) throws Exception {
        try (Edge hasty = unstarted()
                        .clients(new ClientLimits(LONG, LONG, LONG, SHORT, LONG, LONG, 1000, 1000, 32, 64))
                        .bodyRateMin(1 << 20)
                        .start();
                Visit slow = wire.visit(hasty);
                Visit events = wire.visit(hasty)) {
            String path = origin.on((peer, head) -> peer.in().readAllBytes());
            slow.ask("POST", path, ClientWire.HOST, false, List.of("Content-Length: 10000000"));
            String all = origin.on((peer, head) -> {
                peer.readChunks();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            });
            events.ask("POST", all, ClientWire.HOST, false, List.of());
            Await.until(() -> {
                send(events);
                send(slow);
                return hasty.counters().of(EdgeError.REQUEST_TIMEOUT) > 0;
            });
            assertThat(slow.head().status()).isEqualTo(408);
            events.end();
            assertThat(events.head().status()).isEqualTo(200);
        }
    }

    private static void send(Visit to) {
        try {
            to.send(octets("."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_visitor_that_takes_nothing_of_its_answer_is_cut_off_in_time(ClientWire wire) throws Exception {
        try (Edge hasty = unstarted()
                        .clients(new ClientLimits(LONG, LONG, LONG, LONG, SHORT, LONG, 1000, 1000, 32, 64))
                        .start();
                Visit visit = wire.visit(hasty)) {
            String path = origin.on((peer, head) -> {
                peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                while (true) {
                    peer.send("10000\r\n").send(new byte[PIECE]).send("\r\n");
                }
            });
            visit.get(path);
            assertThat(visit.head().status()).isEqualTo(200);
            Await.until(() -> hasty.counters().of(Event.ANSWERS_TRUNCATED) == 1);
            assertThatThrownBy(visit::rest).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_origin_is_told_nothing_of_a_request_that_is_refused(ClientWire wire) throws Exception {
        try (Visit visit = wire.visit(edge)) {
            visit.ask("POST", "/cdn-cgi/x", ClientWire.HOST, false, List.of("Content-Length: 4"));
            assertThat(visit.head().status()).isEqualTo(404);
            visit.send(octets("body"));
            visit.end();
            visit.rest();
            assertThat(origin.unseen()).isZero();
        }
    }
}
