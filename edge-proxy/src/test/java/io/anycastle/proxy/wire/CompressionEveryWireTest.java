package io.anycastle.proxy.wire;

import static io.anycastle.proxy.wire.ClientWire.onEveryWire;
import static io.anycastle.proxy.wire.ClientWire.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.aayushatharva.brotli4j.decoder.DirectDecompress;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdInputStream;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.coding.CompressionConfig;
import io.anycastle.proxy.coding.NativeCodings;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.reply.ReplyConfig;
import io.anycastle.proxy.reply.UnknownHost;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which coding a visitor gets an answer in, and that it gets all of it, whatever it speaks (RFC 9110 sections 8.4 and 12.5.3). */
class CompressionEveryWireTest {
    private static final String TEXT = "Pack my box with five dozen liquor jugs. ".repeat(500);
    private static final int LARGE = 3 * 1024 * 1024;
    private static final Duration LONG = Duration.ofSeconds(60);
    /** How long a visitor may refuse to read. */
    private static final Duration WRITE = Duration.ofSeconds(3);

    private static final int ENCODERS = 2;
    private static final CompressionConfig CONFIG = config(ENCODERS, 256 << 10);

    private static TestCertificate certificate;
    private static ScriptedOrigin origin;
    private static Edge edge;

    private static CompressionConfig config(int encodersMax, int windowBytes) {
        CompressionConfig d = CompressionConfig.DEFAULTS;
        return new CompressionConfig(
                d.codings(),
                List.of("application/x-own"),
                d.gzipLevel(),
                d.brLevel(),
                d.zstdLevel(),
                d.gzipBytesMin(),
                d.brBytesMin(),
                windowBytes,
                encodersMax,
                100,
                1 << 20);
    }

    @BeforeAll
    static void start() throws Exception {
        NativeCodings.load();
        certificate = TestCertificate.create("a.example.com");
        origin = new ScriptedOrigin();
        edge = unstarted(CONFIG).start();
    }

    private static Edge unstarted(CompressionConfig config) {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .clients(new ClientLimits(LONG, LONG, LONG, LONG, WRITE, LONG, 1000, 1000, 32, 64))
                .reply(new ReplyConfig(config, false, new UnknownHost.Page()))
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1")
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

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Answers with that body, in one piece. */
    private static String serving(String status, byte[] body, String... lines) {
        String head = "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length + "\r\n"
                + String.join(
                        "", Arrays.stream(lines).map(line -> line + "\r\n").toList()) + "\r\n";
        return origin.on((peer, asked) -> {
            peer.send(head);
            if (!asked.startsWith("HEAD")) {
                peer.send(body);
            }
        });
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream to = new GZIPOutputStream(coded)) {
            to.write(plain);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return coded.toByteArray();
    }

    private static byte[] br(byte[] plain) throws IOException {
        return Encoder.compress(plain);
    }

    private static InputStream decoded(String coding, InputStream from) throws IOException {
        return switch (coding) {
            case "gzip" -> new GZIPInputStream(from, 64);
            case "br" -> new BrInput(from);
            case "zstd" -> new ZstdInputStream(from);
            default -> from;
        };
    }

    private static byte[] decoded(String coding, byte[] body) throws IOException {
        return coding.equals("br")
                ? DirectDecompress.decompress(body).getDecompressedData()
                : decoded(coding, new ByteArrayInputStream(body)).readAllBytes();
    }

    // ---- which one

    static Stream<Arguments> accepted() {
        return onEveryWire(
                row("gzip", "gzip"),
                row("br", "br"),
                row("zstd", "zstd"),
                row("gzip, deflate, br, zstd", "zstd"),
                row("gzip, deflate, br", "br"),
                row("gzip;q=1, br;q=0.5, zstd;q=0.999", "gzip"),
                row("GZIP; Q=0.3", "gzip"),
                row("zstd;q=0, *", "br"),
                row("*;q=0.1", "zstd"),
                row("x-gzip", "gzip"),
                row("gzip;q=0.5, identity", ""),
                row("gzip;q=0", ""),
                row("gzip;q=2", ""),
                row("gzip;level=1", ""),
                row("deflate, compress", ""),
                row("identity", ""),
                row(",,", ""),
                row("", ""));
    }

    @ParameterizedTest(name = "\"{1}\" gets {2}: {0}")
    @MethodSource("accepted")
    void the_visitors_favourite_coding_is_chosen(ClientWire wire, String accepted, String coding) throws Exception {
        String path = serving("200 OK", octets(TEXT), "Content-Type: text/html; charset=utf-8", "ETag: \"a\"");
        try (Visit visit = wire.visit(edge)) {
            visit.get(path, accepted.isEmpty() ? "Accept: */*" : "Accept-Encoding: " + accepted);
            Visit.Head head = visit.head();
            byte[] body = visit.rest().body();
            assertThat(head.field("content-encoding")).isEqualTo(coding);
            assertThat(head.field("vary")).isEqualTo("Accept-Encoding");
            assertThat(head.field("etag")).isEqualTo(coding.isEmpty() ? "\"a\"" : "W/\"a\"");
            assertThat(decoded(coding, body)).asString().isEqualTo(TEXT);
            assertThat(body.length).isLessThan(coding.isEmpty() ? TEXT.length() + 1 : 1000);
            assertThat(origin.nextHead())
                    .contains("accept-encoding: gzip, br")
                    .noneMatch(line -> line.equals("accept-encoding: " + accepted));
        }
    }

    static Stream<Arguments> answers() {
        String html = "Content-Type: text/html";
        String long50 = "a".repeat(50);
        return onEveryWire(
                row("a page of an error", "404 Not Found", TEXT, List.of(html), "gzip, br", "br"),
                row("a refusal", "403 Forbidden", TEXT, List.of(html), "gzip", "gzip"),
                row("another success", "201 Created", TEXT, List.of(html), "gzip", ""),
                row("a fault", "500 Oops", TEXT, List.of(html), "gzip", ""),
                row("a type in capitals", "200 OK", TEXT, List.of("Content-Type: TEXT/Html ;x=y"), "gzip", "gzip"),
                row("a type of the operator's", "200 OK", TEXT, List.of("Content-Type: application/x-own"), "br", "br"),
                row("an image", "200 OK", TEXT, List.of("Content-Type: image/png"), "gzip", ""),
                row("a type that begins alike", "200 OK", TEXT, List.of("Content-Type: text/htmlx"), "gzip", ""),
                row("no type", "200 OK", TEXT, List.of(), "gzip", ""),
                row("no-transform", "200 OK", TEXT, List.of(html, "Cache-Control: public, No-Transform"), "br", ""),
                row("a part without a 206", "200 OK", TEXT, List.of(html, "Content-Range: bytes 0-1/2"), "br", ""),
                row("a coding nobody knows", "200 OK", TEXT, List.of(html, "Content-Encoding: own"), "br", "own"),
                row("the coding that is none", "200 OK", TEXT, List.of(html, "Content-Encoding: identity"), "br", "br"),
                row("47 octets", "200 OK", long50.substring(3), List.of(html), "gzip", ""),
                row("48 octets", "200 OK", long50.substring(2), List.of(html), "gzip", "gzip"),
                row(
                        "49 octets, gzip is the one for",
                        "200 OK",
                        long50.substring(1),
                        List.of(html),
                        "zstd, br, gzip",
                        "gzip"),
                row("49 octets", "200 OK", long50.substring(1), List.of(html), "zstd, br", ""),
                row("50 octets", "200 OK", long50, List.of(html), "br", "br"),
                row("an empty body", "200 OK", "", List.of(html), "gzip", ""));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("answers")
    void what_is_worth_it_is_compressed(
            ClientWire wire,
            String what,
            String status,
            String body,
            List<String> lines,
            String accepted,
            String coding)
            throws Exception {
        String path = serving(status, octets(body), lines.toArray(String[]::new));
        try (Visit visit = wire.visit(edge)) {
            for (String method : List.of("GET", "HEAD")) {
                visit.ask(method, path, ClientWire.HOST, true, List.of("Accept-Encoding: " + accepted));
                Visit.Head head = visit.head();
                assertThat(head.field("content-encoding")).isEqualTo(coding);
                byte[] got = visit.rest().body();
                assertThat(decoded(method.equals("HEAD") ? "" : coding, got))
                        .asString()
                        .isEqualTo(method.equals("HEAD") ? "" : body);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void what_the_body_was_is_not_said_of_what_it_becomes(ClientWire wire) throws Exception {
        String path = serving(
                "200 OK",
                octets(TEXT),
                "Content-Type: text/css",
                "Accept-Ranges: bytes",
                "Content-MD5: x",
                "Content-Digest: x",
                "ETag: W/\"b\"",
                "Vary: Origin, accept-encoding",
                "Last-Modified: Mon, 30 Nov 2026 00:00:00 GMT");
        try (Visit visit = wire.visit(edge)) {
            visit.get(path, "Accept-Encoding: br");
            assertThat(visit.head().fields().stream()
                            .filter(field -> !field.startsWith("date: ") && !field.startsWith("cf-ray: "))
                            .filter(field -> !wire.announced().contains(field))
                            .toList())
                    .containsExactlyInAnyOrder(
                            "content-type: text/css",
                            "content-encoding: br",
                            "etag: W/\"b\"",
                            "vary: Origin, accept-encoding",
                            "last-modified: Mon, 30 Nov 2026 00:00:00 GMT",
                            "server: anycastle",
                            "cf-cache-status: DYNAMIC");
            visit.rest();
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void what_has_not_changed_is_known_by_the_tag_it_came_with(ClientWire wire) throws Exception {
        String path = origin.answering("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
        try (Visit visit = wire.visit(edge)) {
            for (List<String> row : List.of(
                    List.of("W/\"a\"", "W/\"a\""),
                    List.of("\"b\", W/\"a\"", "W/\"a\""),
                    List.of("\"a\"", "\"a\""),
                    List.of("W/\"a\", \"a\"", "\"a\""),
                    List.of("*", "\"a\""))) {
                visit.get(path, "Accept-Encoding: br", "If-None-Match: " + row.getFirst());
                assertThat(visit.head().field("etag")).isEqualTo(row.getLast());
                visit.rest();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void for_a_range_the_origin_hears_what_the_visitor_takes(ClientWire wire) throws Exception {
        String path =
                serving("206 Partial Content", octets(TEXT), "Content-Type: text/html", "Content-Range: bytes 0-9/10");
        try (Visit visit = wire.visit(edge)) {
            for (List<String> row : List.of(
                    List.of("deflate, zstd", "identity"),
                    List.of("gzip", "gzip"),
                    List.of("br", "br"),
                    List.of("br, gzip", "gzip, br"))) {
                visit.get(path, "Range: bytes=0-9", "Accept-Encoding: " + row.getFirst());
                assertThat(visit.head().field("content-encoding")).isEmpty();
                assertThat(visit.rest().body()).asString().isEqualTo(TEXT);
                assertThat(origin.nextHead()).contains("accept-encoding: " + row.getLast());
            }
        }
    }

    // ---- an origin that compresses by itself

    static Stream<Arguments> coded() {
        return onEveryWire(
                row("gzip", "200 OK", "gzip", "gzip, br, zstd"),
                row("gzip", "200 OK", "gzip", "*"),
                row("gzip", "200 OK", "", "identity"),
                row("gzip", "200 OK", "br", "br"),
                row("gzip", "200 OK", "zstd", "br;q=0.1, zstd"),
                row("gzip", "500 Oops", "", "br"),
                row("x-gzip", "200 OK", "", "identity"),
                row("br", "200 OK", "br", "br, gzip"),
                row("br", "200 OK", "gzip", "gzip"),
                row("br", "200 OK", "", "deflate"),
                row("br", "404 No", "zstd", "zstd"));
    }

    @ParameterizedTest(name = "{1} to one that takes {4}, {2}: {0}")
    @MethodSource("coded")
    void the_origins_own_coding_passes_or_is_converted(
            ClientWire wire, String from, String status, String to, String accepted) throws Exception {
        byte[] coded = from.equals("br") ? br(octets(TEXT)) : gzip(octets(TEXT));
        String path = serving(status, coded, "Content-Type: text/html", "Content-Encoding: " + from, "ETag: \"a\"");
        try (Visit visit = wire.visit(edge)) {
            visit.get(path, "Accept-Encoding: " + accepted);
            Visit.Head head = visit.head();
            byte[] body = visit.rest().body();
            assertThat(head.field("content-encoding")).isEqualTo(to);
            assertThat(head.field("vary")).isEqualTo("Accept-Encoding");
            assertThat(decoded(to, body)).asString().isEqualTo(TEXT);
            assertThat(head.field("etag")).isEqualTo(from.equals(to) ? "\"a\"" : "W/\"a\"");
            assertThat(Arrays.equals(body, coded)).isEqualTo(from.equals(to));
        }
    }

    static Stream<Arguments> miscoded() throws IOException {
        byte[] zip = gzip(octets(TEXT));
        byte[] brotli = br(octets(TEXT));
        return onEveryWire(
                row("no gzip at all", "gzip", octets(TEXT)),
                row("no brotli at all", "br", new byte[] {-1, -1, -1, -1, -1, -1}),
                row("gzip that ends early", "gzip", Arrays.copyOf(zip, zip.length - 9)),
                row("brotli that ends early", "br", Arrays.copyOf(brotli, brotli.length - 2)),
                row("gzip of another sum", "gzip", flipped(zip, zip.length - 6)),
                row("more behind brotli", "br", Arrays.copyOf(brotli, brotli.length + 40_000)),
                row("a gzip bomb", "gzip", gzip(new byte[16 << 20])),
                row("a brotli bomb", "br", br(new byte[16 << 20])));
    }

    private static byte[] flipped(byte[] octets, int at) {
        byte[] other = octets.clone();
        other[at] ^= 1;
        return other;
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("miscoded")
    void a_body_that_is_not_what_its_coding_says_never_looks_whole(
            ClientWire wire, String what, String coding, byte[] body) throws Exception {
        long before = edge.counters().of(Event.MISCODED);
        String path = serving("200 OK", body, "Content-Type: text/html", "Content-Encoding: " + coding);
        for (int i = 0; i <= ENCODERS; i++) {
            try (Visit visit = wire.visit(edge)) {
                visit.get(path, "Accept-Encoding: zstd");
                assertThatThrownBy(() -> {
                            visit.head();
                            visit.rest();
                        })
                        .isInstanceOf(IOException.class);
            }
        }
        assertThat(edge.counters().of(Event.MISCODED)).isEqualTo(before + ENCODERS + 1);
    }

    // ---- as it comes

    /** The body of an answer, an octet at a time, so that no decoder waits for more than it needs. */
    private static InputStream octetByOctet(Visit visit) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return visit.body(1)[0] & 0xFF;
            }

            @Override
            public int read(byte[] to, int from, int length) throws IOException {
                if (length > 0) {
                    to[from] = visit.body(1)[0];
                }
                return Math.min(1, length);
            }
        };
    }

    static Stream<Arguments> streams() {
        return onEveryWire(
                row("text/event-stream", "", "gzip", "gzip"),
                row("text/event-stream", "", "gzip, br, zstd", "br"),
                row("text/event-stream", "", "zstd", ""),
                row("application/json", "", "zstd", "zstd"),
                row("text/event-stream", "gzip", "br", "br"),
                row("text/event-stream", "br", "identity", ""));
    }

    @ParameterizedTest(name = "{1} in {2} to one that takes {3}: {0}")
    @MethodSource("streams")
    void each_event_comes_before_the_next_is_sent(
            ClientWire wire, String type, String from, String accepted, String coding) throws Exception {
        var sent = new java.util.concurrent.SynchronousQueue<String>();
        String path = origin.on((peer, head) -> {
            String encoding = from.isEmpty() ? "" : "Content-Encoding: " + from + "\r\n";
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: " + type + "\r\n" + encoding
                    + "\r\n");
            try (ChunkedEvents events = new ChunkedEvents(peer, from)) {
                for (String event = sent.take(); !event.isEmpty(); event = sent.take()) {
                    events.send(event);
                }
            }
            peer.send("0\r\nX-Trailer: 1\r\n\r\n");
        });
        try (Visit visit = wire.visit(edge)) {
            visit.get(path, "Accept-Encoding: " + accepted, "TE: trailers");
            Visit.Head head = visit.head(); // before the first event is sent
            assertThat(head.field("content-encoding")).isEqualTo(coding);
            sent.put("data: first\n\n");
            InputStream body = decoded(coding, octetByOctet(visit));
            assertThat(body.readNBytes(13)).asString().isEqualTo("data: first\n\n");
            for (int i = 0; i < 20; i++) {
                String event = "data: " + "event ".repeat(i + 1) + "\n\n";
                sent.put(event);
                assertThat(body.readNBytes(event.length())).asString().isEqualTo(event);
            }
            sent.put("");
            assertThat(visit.rest().trailers()).contains("x-trailer: 1");
        }
    }

    /** Its coding is as short as that of the whole: no block ends where a piece does. */
    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_body_of_known_length_is_coded_as_one_piece(ClientWire wire) throws Exception {
        byte[] body = octets(TEXT);
        CountDownLatch more = new CountDownLatch(1);
        String path = origin.on((peer, head) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + body.length + "\r\n\r\n");
            peer.send(Arrays.copyOf(body, 1000));
            assertThat(more.await(20, TimeUnit.SECONDS)).isTrue();
            peer.send(Arrays.copyOfRange(body, 1000, body.length));
        });
        byte[] whole = coded(wire, serving("200 OK", body, "Content-Type: text/html"), () -> {});
        assertThat(coded(wire, path, more::countDown)).hasSameSizeAs(whole);
    }

    private static byte[] coded(ClientWire wire, String path, Runnable whenBegun) throws Exception {
        try (Visit visit = wire.visit(edge)) {
            visit.get(path, "Accept-Encoding: gzip");
            assertThat(visit.head().field("content-encoding")).isEqualTo("gzip");
            whenBegun.run();
            return visit.rest().body();
        }
    }

    /** Says each event in one chunk, in the coding that the origin likes. */
    private static final class ChunkedEvents implements AutoCloseable {
        private final RawClient peer;
        private final ByteArrayOutputStream coded = new ByteArrayOutputStream();
        private final java.io.OutputStream to;

        ChunkedEvents(RawClient peer, String coding) throws IOException {
            this.peer = peer;
            this.to = switch (coding) {
                case "gzip" -> new GZIPOutputStream(coded, 512, true);
                case "br" -> new com.aayushatharva.brotli4j.encoder.BrotliOutputStream(coded);
                default -> coded;
            };
        }

        void send(String event) throws IOException {
            to.write(octets(event));
            to.flush();
            chunk();
        }

        private void chunk() throws IOException {
            if (coded.size() > 0) {
                peer.send(Integer.toHexString(coded.size()) + "\r\n")
                        .send(coded.toByteArray())
                        .send("\r\n");
                coded.reset();
            }
        }

        @Override
        public void close() throws IOException {
            to.close();
            chunk();
        }
    }

    static Stream<Arguments> large() {
        return onEveryWire(
                row("", "gzip"),
                row("", "br"),
                row("", "zstd"),
                row("gzip", ""),
                row("gzip", "zstd"),
                row("br", "gzip"),
                row("br", ""));
    }

    @ParameterizedTest(name = "from {1} to {2}: {0}")
    @MethodSource("large")
    void large_bodies_come_whole(ClientWire wire, String from, String to) throws Exception {
        byte[] plain = letters(LARGE);
        byte[] body = from.isEmpty() ? plain : from.equals("gzip") ? gzip(plain) : br4(plain);
        String path = serving(
                "200 OK", body, "Content-Type: text/html", from.isEmpty() ? "X: y" : "Content-Encoding: " + from);
        try (Visit visit = wire.visit(edge)) {
            visit.get(path, to.isEmpty() ? "X: y" : "Accept-Encoding: " + to);
            assertThat(visit.head().field("content-encoding")).isEqualTo(to);
            assertThat(Arrays.equals(decoded(to, visit.rest().body()), plain)).isTrue();
        }
    }

    private static byte[] br4(byte[] plain) throws IOException {
        return Encoder.compress(plain, Encoder.Parameters.create(1));
    }

    private static byte[] letters(int length) {
        Random random = new Random(7);
        byte[] letters = new byte[length];
        for (int i = 0; i < length; i++) {
            letters[i] = (byte) ('a' + random.nextInt(16));
        }
        return letters;
    }

    static Stream<Arguments> endless() {
        return onEveryWire(row("", "br"), row("gzip", ""), row("gzip", "zstd"));
    }

    @ParameterizedTest(name = "from {1} to {2}: {0}")
    @MethodSource("endless")
    void a_visitor_that_does_not_read_stops_the_origin_and_leaves_nothing_behind(
            ClientWire wire, String from, String to) throws Exception {
        byte[] plain = letters(1 << 20);
        byte[] piece = from.isEmpty() ? plain : gzip(plain); // gzip goes on behind the end of gzip
        for (int round = 0; round <= ENCODERS; round++) {
            AtomicLong sent = new AtomicLong();
            AtomicLong ended = new AtomicLong();
            String path = origin.on((peer, head) -> {
                peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                        + (from.isEmpty() ? "" : "Content-Encoding: " + from + "\r\n") + "\r\n");
                try {
                    while (true) {
                        peer.send(piece);
                        sent.addAndGet(piece.length);
                    }
                } finally {
                    ended.set(1);
                }
            });
            try (Line connection =
                    wire.connect(edge)) { // the JDK's TLS, closed, reads on while there is something to read
                Visit visit = wire.visit(connection);
                visit.get(path, to.isEmpty() ? "X: y" : "Accept-Encoding: " + to);
                assertThat(visit.head().field("content-encoding")).isEqualTo(to);
                assertThat(Await.standstill(sent)).isLessThan(48L << 20);
            }
            Await.until(() -> ended.get() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void beyond_the_limit_answers_go_as_they_are(ClientWire wire) throws Exception {
        String stream = origin.on((peer, head) -> {
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n");
            peer.exactly(1);
        });
        String path = serving("200 OK", octets(TEXT), "Content-Type: text/html");
        long before = edge.counters().of(Event.COMPRESSIONS_OMITTED);
        try (Line one = wire.connect(edge);
                Line two = wire.connect(edge);
                Visit three = wire.visit(edge)) {
            for (Line connection : List.of(one, two)) {
                Visit visit = wire.visit(connection);
                visit.get(stream, "Accept-Encoding: br");
                assertThat(visit.head().field("content-encoding")).isEqualTo("br");
            }
            three.get(path, "Accept-Encoding: br");
            assertThat(three.head().field("content-encoding")).isEmpty();
            assertThat(three.rest().body()).asString().isEqualTo(TEXT);
            one.tear(); // who ends HTTP/1.1 politely may still listen
            two.tear();
        }
        assertThat(edge.counters().of(Event.COMPRESSIONS_OMITTED)).isEqualTo(before + 1);
        try (Visit four = wire.visit(edge)) {
            Await.until(() -> {
                try {
                    four.get(path, "Accept-Encoding: br");
                    String coding = four.head().field("content-encoding");
                    four.rest();
                    return coding.equals("br");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
    }

    // ---- read by others' programs

    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of("gzip", List.of("gzip", "-dc"), 256 << 10),
                Arguments.of("br", List.of("brotli", "-dc"), 256 << 10),
                Arguments.of("zstd", List.of("zstd", "-dcq", "--memory=8MB"), 256 << 10),
                Arguments.of("br", List.of("brotli", "-dc"), CompressionConfig.WINDOW_BYTES_MAX),
                Arguments.of("zstd", List.of("zstd", "-dcq", "--memory=8MB"), CompressionConfig.WINDOW_BYTES_MAX));
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> new File(folder, program).canExecute());
    }

    @ParameterizedTest(name = "{0}, windows of {2}")
    @MethodSource("programs")
    void the_codings_are_what_their_own_programs_read(String coding, List<String> command, int windowBytes)
            throws Exception {
        assumeTrue(isInstalled(command.getFirst()), command.getFirst() + " is not installed");
        byte[] plain = letters(16 << 20);
        try (Edge other = unstarted(config(1, windowBytes)).start();
                Visit visit = ClientWire.HTTP_1.visit(other)) {
            visit.get(serving("200 OK", plain, "Content-Type: text/html"), "Accept-Encoding: " + coding);
            assertThat(visit.head().field("content-encoding")).isEqualTo(coding);
            byte[] body = visit.rest().body();
            assertThat(body.length).isLessThan(plain.length * 2 / 3);
            Process program = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Thread writer = Thread.ofVirtual().start(() -> {
                try (var to = program.getOutputStream()) {
                    to.write(body);
                } catch (IOException e) {
                    // what it has read is compared
                }
            });
            byte[] read = program.getInputStream().readAllBytes();
            writer.join();
            assertThat(program.waitFor()).isZero();
            assertThat(Arrays.equals(read, plain)).isTrue();
        }
    }
}
