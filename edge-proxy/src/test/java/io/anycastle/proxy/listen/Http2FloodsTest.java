package io.anycastle.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.wire.Http2Client;
import io.anycastle.proxy.wire.Http2Client.Said;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/2 that cost more than they ask for, by the rows of what attacks an edge: each is ended, and nobody else notices. */
class Http2FloodsTest {
    private static final Http2Limits LIMITS =
            new Http2Limits(100, 256 * 1024, 1024 * 1024, 50, 200, Duration.ofSeconds(30));
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final int MANY = 2_000;
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int CANCEL = 8;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int LARGE = 8 * 1024 * 1024;

    private static RawOrigin origin;
    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        origin = new RawOrigin(connection -> {
            while (true) {
                String head = connection.readHead();
                connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: " + (head.contains("/large") ? LARGE : 2) + "\r\n\r\n");
                connection.peer().send(new byte[head.contains("/large") ? LARGE : 2]);
            }
        });
        edge = edge().start();
    }

    private static Edge edge() {
        return Edge.edge()
                .http2(LIMITS)
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port());
    }

    @AfterAll
    static void stop() throws Exception {
        edge.close();
        origin.close();
    }

    private static Socket socket(Edge to) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), to.port());
    }

    private static Http2Client client(Edge to, int... settings) throws IOException {
        return new Http2Client(socket(to), settings);
    }

    private static void assertServed(Http2Client client) throws IOException {
        Http2Client.Stream stream = client.get("/");
        assertThat(stream.next().fields()).contains(":status: 200");
        assertThat(stream.next().data()).hasSize(2);
    }

    // ---- rates

    /** What a client does again and again. */
    interface Flood {
        void once(Http2Client client) throws IOException;
    }

    static Stream<Arguments> floods() {
        byte[] ping = new byte[8];
        byte[] priority = {0, 0, 0, 0, 16};
        byte[] window = {0, 0, 0, 1};
        return Stream.of(
                flood("rapid reset (CVE-2023-44487)", client -> client.get("/").reset(CANCEL)),
                flood(
                        "MadeYouReset (CVE-2025-8671)",
                        client -> client.windowUpdate(client.get("/large").id(), 0)),
                flood("PING flood", client -> client.frame(Http2Client.PING, 0, 0, ping)),
                flood("PING acknowledged unasked", client -> client.frame(Http2Client.PING, Http2Client.ACK, 0, ping)),
                flood("SETTINGS flood", client -> client.settings(Http2Client.INITIAL_WINDOW_SIZE, 70_000)),
                flood("PRIORITY flood", client -> client.frame(Http2Client.PRIORITY, 0, 1, priority)),
                flood("WINDOW_UPDATE flood", client -> client.frame(Http2Client.WINDOW_UPDATE, 0, 0, window)),
                flood("GOAWAY flood", client -> client.frame(Http2Client.GOAWAY, 0, 0, new byte[8])),
                flood("unknown frames", client -> client.frame(77, 0, 0, ping)));
    }

    private static Arguments flood(String name, Flood flood) {
        return Arguments.of(name, flood);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void a_flood_ends_in_goaway_within_its_budget_and_nobody_else_notices(String name, Flood flood) throws Exception {
        long before = edge.counters().of(Event.HTTP2_FLOODS);
        try (Http2Client neighbour = client(edge);
                Http2Client client = client(edge)) {
            assertServed(neighbour);
            repeat(client, flood);
            assertThat(client.awaitEnd()).extracting(Said::code).endsWith((long) ENHANCE_YOUR_CALM);
            assertThat(edge.counters().of(Event.HTTP2_FLOODS)).isEqualTo(before + 1);
            assertServed(neighbour);
        }
    }

    private static void repeat(Http2Client client, Flood flood) {
        try {
            for (int i = 0; i < MANY; i++) {
                flood.once(client);
            }
        } catch (IOException e) {
            // the edge has ended the connection
        }
    }

    @Test
    void empty_frames_of_a_body_are_a_flood() throws Exception {
        try (Http2Client client = client(edge)) {
            Http2Client.Stream stream = client.open(false, Http2Client.head("POST", "/"));
            repeat(client, each -> each.frame(Http2Client.DATA, 0, stream.id(), new byte[0]));
            assertThat(client.awaitEnd()).extracting(Said::code).contains((long) ENHANCE_YOUR_CALM);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_384})
    void a_flood_of_continuations_ends_in_goaway(int size) throws Exception {
        try (Http2Client neighbour = client(edge);
                Http2Client client = client(edge)) {
            client.frame(
                    Http2Client.HEADERS, Http2Client.END_STREAM, 1, Http2Client.block(Http2Client.head("GET", "/")));
            byte[] piece = new byte[size];
            java.util.Arrays.fill(piece, (byte) 0x82); // :method GET, by its number
            repeat(client, each -> each.frame(Http2Client.CONTINUATION, 0, 1, piece));
            assertThat(client.awaitEnd()).isNotEmpty();
            assertServed(neighbour);
        }
    }

    @Test
    void updates_of_windows_that_a_download_explains_are_no_flood() throws Exception {
        try (Http2Client client = client(edge)) {
            for (int i = 0; i < 2; i++) {
                Http2Client.Stream stream = client.get("/large");
                assertThat(stream.next().fields()).contains(":status: 200");
                long got = 0;
                while (got < LARGE) {
                    Said piece = stream.next();
                    got += piece.data().length;
                    client.frame(Http2Client.PING, 0, 0, new byte[8]);
                    client.windowUpdate(0, piece.data().length);
                    if (!piece.isEnd()) {
                        client.windowUpdate(stream.id(), piece.data().length);
                    }
                }
            }
            assertServed(client);
        }
    }

    // ---- heads

    @ParameterizedTest
    @ValueSource(ints = {3, 14})
    void a_head_beyond_the_limits_is_answered_431_and_the_connection_goes_on(int fields) throws Exception {
        List<String> head = new java.util.ArrayList<>(Http2Client.head("GET", "/"));
        for (int i = 0; i < fields; i++) {
            head.add("x: " + "a".repeat(fields == 3 ? 15_000 : 8_300));
        }
        try (Http2Client client = client(edge)) {
            Http2Client.Stream stream = client.open(true, head);
            assertThat(stream.next().fields()).contains(":status: 431");
            assertServed(client);
        }
    }

    @Test
    void an_hpack_bomb_costs_no_memory_and_is_answered_431() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes(Http2Client.block(Http2Client.head("GET", "/")));
        byte[] value = new byte[4_000];
        java.util.Arrays.fill(value, (byte) 'a');
        bomb.writeBytes(new byte[] {0x40, 1, 'x', 0x7F, (byte) ((3_873 & 127) | 128), 3_873 >> 7});
        bomb.writeBytes(value);
        for (int i = 0; i < 10_000; i++) {
            bomb.write(0xBE); // 40 MB of fields
        }
        try (Http2Client client = client(edge)) {
            Http2Client.Stream stream = client.claim();
            client.frame(
                    Http2Client.HEADERS,
                    Http2Client.END_HEADERS | Http2Client.END_STREAM,
                    stream.id(),
                    bomb.toByteArray());
            assertThat(stream.next().fields()).contains(":status: 431");
            assertServed(client);
        }
    }

    private static Edge impatient(Duration idle, Duration head, Duration write) throws Exception {
        return edge().clients(new ClientLimits(LONG, idle, head, LONG, write, SHORT, 1000, 1000, 32, 64))
                .start();
    }

    @Test
    void a_head_that_never_ends_has_its_deadline() throws Exception {
        try (Edge hasty = impatient(LONG, SHORT, LONG);
                Http2Client client = client(hasty)) {
            assertServed(client);
            client.frame(Http2Client.HEADERS, 0, 3, Http2Client.block(Http2Client.head("GET", "/")));
            assertThat(client.awaitEnd()).extracting(Said::code).containsExactly((long) PROTOCOL_ERROR);
        }
    }

    @Test
    void a_frame_of_a_head_that_never_comes_whole_has_its_deadline() throws Exception {
        try (Edge hasty = impatient(LONG, SHORT, LONG);
                Http2Client client = client(hasty)) {
            assertServed(client);
            client.socket().getOutputStream().write(new byte[] {0, 0, 50, 1});
            assertThat(client.awaitEnd()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PR", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"})
    void a_preface_that_does_not_come_whole_has_its_deadline(String part) throws Exception {
        Duration idle = part.isEmpty() ? SHORT : LONG;
        try (Edge hasty = impatient(idle, SHORT, LONG);
                RawClient client = new RawClient(socket(hasty))) {
            client.send(part);
            client.in().readAllBytes();
            Await.until(() -> hasty.counters().connectionsOpen() == 0);
        }
    }

    @Test
    void a_client_of_tls_that_agrees_on_http2_and_says_nothing_is_closed() throws Exception {
        try (TestCertificate certificate = TestCertificate.create("a.example.com");
                Edge hasty = edge().tls(OriginTlsMode.FLEXIBLE)
                        .listeners(certificate.listener())
                        .clients(new ClientLimits(LONG, LONG, SHORT, LONG, LONG, SHORT, 1000, 1000, 32, 64))
                        .start();
                var socket = TestCertificate.socket(hasty.port(), "a.example.com", "h2")) {
            socket.startHandshake();
            assertThat(new RawClient(socket).in().readAllBytes()).isNotEmpty();
        }
    }

    // ---- windows

    @Test
    void a_client_that_never_opens_its_window_is_cut_in_time() throws Exception {
        try (Edge hasty = impatient(LONG, LONG, SHORT);
                Http2Client client = client(hasty, Http2Client.INITIAL_WINDOW_SIZE, 0)) {
            for (String path : List.of("/large", "/cdn-cgi/trace")) {
                Http2Client.Stream stream = client.get(path);
                assertThat(stream.next().fields()).contains(":status: 200");
                assertThat(stream.next().type()).isEqualTo(Http2Client.RST_STREAM);
            }
            assertThat(hasty.counters().of(Event.ANSWERS_TRUNCATED)).isEqualTo(2);
        }
    }

    @Test
    void a_window_that_overflows_ends_its_stream_or_its_connection() throws Exception {
        try (Http2Client client = client(edge)) {
            Http2Client.Stream stream = client.open(false, Http2Client.head("POST", "/"));
            client.windowUpdate(stream.id(), Integer.MAX_VALUE);
            Said reset = stream.next();
            while (reset.type() != Http2Client.RST_STREAM) {
                reset = stream.next();
            }
            assertThat(reset.code()).isEqualTo(FLOW_CONTROL_ERROR);
            assertServed(client);
            client.windowUpdate(0, Integer.MAX_VALUE);
            assertThat(client.awaitEnd()).extracting(Said::code).containsExactly((long) FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void a_body_beyond_the_window_is_not_taken() throws Exception {
        try (RawOrigin deaf = new RawOrigin(RawOrigin.Served::holdOpen);
                Edge other = Edge.edge()
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", deaf.port())
                        .start();
                Http2Client client = client(other)) {
            Http2Client.Stream stream = client.open(false, Http2Client.head("POST", "/"));
            repeat(client, each -> each.frame(Http2Client.DATA, 0, stream.id(), new byte[16_384]));
            assertThat(stream.next().code()).isEqualTo(FLOW_CONTROL_ERROR);
        }
    }

    /** Requests whose answers nobody takes are not read any more. */
    @Test
    void a_client_that_never_reads_is_not_heard_and_cut_in_time() throws Exception {
        AtomicLong asked = new AtomicLong();
        try (Edge hasty = impatient(LONG, LONG, Duration.ofSeconds(1));
                Http2Client neighbour = client(hasty);
                Http2Client client = Http2Client.deaf(socket(hasty))) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.open(true, Http2Client.head("HEAD", "/cdn-cgi/trace"));
                        asked.incrementAndGet();
                    }
                } catch (IOException e) {
                    asked.set(-1); // cut
                }
            });
            Await.until(() -> asked.get() < 0);
            long cut = hasty.counters().of(Event.ANSWERS_TRUNCATED);
            assertThat(cut + hasty.counters().of(Event.HTTP2_FLOODS)).isEqualTo(1);
            assertServed(neighbour);
        }
    }

    // ---- quiet ends

    @Test
    void a_connection_without_a_request_ends_politely() throws Exception {
        try (Edge hasty = impatient(SHORT, LONG, LONG);
                Http2Client client = client(hasty)) {
            assertServed(client);
            List<Said> goAways = client.awaitEnd();
            assertThat(goAways).extracting(Said::code).containsOnly(0L);
            assertThat(goAways.getLast().fields()).containsExactly("last: 1");
        }
    }

    @Test
    void a_client_that_does_not_close_after_goaway_is_closed() throws Exception {
        try (Edge hasty = impatient(SHORT, LONG, LONG);
                Http2Client client = client(hasty)) {
            client.awaitEnd();
            Await.until(() -> hasty.counters().connectionsOpen() == 0);
        }
    }

    @Test
    void more_requests_than_allowed_at_a_time_are_refused_unprocessed() throws Exception {
        int before = origin.connections();
        try (Edge strict = edge().http2(new Http2Limits(2, 65_536, 65_536, 50, 200, LONG))
                        .start();
                Http2Client client = client(strict)) {
            Http2Client.Stream one = client.open(false, Http2Client.head("POST", "/"));
            Http2Client.Stream two = client.open(false, Http2Client.head("POST", "/"));
            Http2Client.Stream three = client.open(false, Http2Client.head("POST", "/"));
            Said refused = three.next();
            assertThat(refused.type()).isEqualTo(Http2Client.RST_STREAM);
            assertThat(refused.code()).isEqualTo(7);
            assertThat(one.next().fields()).contains(":status: 200");
            assertThat(two.next().fields()).contains(":status: 200");
            assertThat(origin.connections()).isLessThanOrEqualTo(before + 2);
        }
    }
}
