package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.coding.CompressionConfig;
import io.anycastle.proxy.coding.ContentCoding;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.reply.ReplyConfig;
import io.anycastle.proxy.reply.UnknownHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However an exchange ends, its encoder is another's afterwards: there is but one here, and a second answer at a time has none. */
class EncoderSlotsEveryWireTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(800);
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n";
    private static final String BEGUN = "5\r\nbegun\r\n";

    private static TestCertificate certificate;
    private static ScriptedOrigin origin;
    private static Edge edge;

    private static final ScriptedOrigin.Script HALF = EncoderSlotsEveryWireTest::halfOfGzip;

    /** What a visitor does while its answer is compressed. */
    interface Deed {
        void of(Visit visit, Line connection) throws IOException;
    }

    private static final Deed UNREAD = (visit, connection) -> {};

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create("a.example.com");
        origin = new ScriptedOrigin();
        CompressionConfig d = CompressionConfig.DEFAULTS;
        CompressionConfig one = new CompressionConfig(
                d.codings(),
                d.moreTypes(),
                d.gzipLevel(),
                d.brLevel(),
                d.zstdLevel(),
                d.gzipBytesMin(),
                d.brBytesMin(),
                d.windowBytes(),
                1,
                d.inflateRatioMax(),
                d.inflateFreeBytes());
        edge = Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .originTimes(LONG, LONG, SHORT, LONG)
                .pool(100, 100)
                .clients(new ClientLimits(LONG, LONG, LONG, LONG, SHORT, LONG, 1000, 1000, 32, 64))
                .reply(new ReplyConfig(one, false, new UnknownHost.Page()))
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        edge.close();
        origin.close();
        certificate.close();
    }

    private static Object[] row(String end, ScriptedOrigin.Script script, Deed deed) {
        return new Object[] {end, script, deed};
    }

    static Stream<Arguments> ends() {
        Deed whole = (visit, connection) -> {
            visit.head();
            visit.rest();
        };
        Deed cutOff = (visit, connection) ->
                assertThatThrownBy(() -> whole.of(visit, connection)).isInstanceOf(IOException.class);
        Object[][] rows = {
            row("whole", saying("", BEGUN + "0\r\n\r\n"), whole),
            row(
                    "the visitor leaves while it is written to",
                    EncoderSlotsEveryWireTest::endless,
                    (visit, connection) -> {
                        connection.close();
                    }),
            row("the visitor tears its connection", saying("", BEGUN), (visit, connection) -> {
                connection.tear();
            }),
            row("the visitor gives the request up", EncoderSlotsEveryWireTest::endless, (visit, connection) -> {
                if (visit instanceof Http2Visit) {
                    visit.giveUp();
                } else {
                    connection.close();
                }
            }),
            row("the visitor does not read", EncoderSlotsEveryWireTest::endless, UNREAD),
            row(
                    "the origin leaves",
                    (peer, head) -> {
                        peer.send(CHUNKED + "\r\n" + BEGUN);
                        peer.close();
                    },
                    cutOff),
            row("the origin falls silent", saying("", BEGUN), cutOff),
            row("the origin says nonsense", saying("", BEGUN + "no chunk\r\n"), cutOff),
            row("the origin's coding is another", EncoderSlotsEveryWireTest::noOther, cutOff),
            row("the origin's coding ends early", HALF, cutOff)
        };
        return Arrays.stream(rows)
                .flatMap(row -> Arrays.stream(ClientWire.values())
                        .filter(wire -> !UNREAD.equals(row[2])
                                || wire.isMultiplexed()) // else the kernel takes some now and then
                        .flatMap(wire -> Arrays.stream(ContentCoding.values())
                                .filter(coding ->
                                        !HALF.equals(row[1]) || coding != ContentCoding.GZIP) // they get it as it is
                                .map(coding -> Arguments.of(row[0], wire, coding, row[1], row[2]))));
    }

    private static ScriptedOrigin.Script saying(String line, String body) {
        return (peer, head) -> peer.send(CHUNKED + line + "\r\n" + body);
    }

    private static void endless(RawClient peer, String head) throws IOException {
        byte[] piece = new byte[1 << 16];
        new Random(7).nextBytes(piece);
        peer.send(CHUNKED + "\r\n");
        while (true) {
            peer.send("10000\r\n").send(piece).send("\r\n");
        }
    }

    /** In each coding that is not the visitor's, so that the edge looks into it. */
    private static void noOther(RawClient peer, String head) throws IOException {
        boolean isGzip = head.toLowerCase(Locale.ROOT).contains("x-visitor: gzip");
        peer.send(CHUNKED + "Content-Encoding: " + (isGzip ? "br" : "gzip") + "\r\n\r\n"
                + "8\r\n\377\377\377\377\377\377\377\377\r\n0\r\n\r\n");
    }

    private static void halfOfGzip(RawClient peer, String head) throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream to = new GZIPOutputStream(coded)) {
            to.write("begun".repeat(1000).getBytes(StandardCharsets.US_ASCII));
        }
        byte[] half = Arrays.copyOf(coded.toByteArray(), coded.size() / 2);
        peer.send(CHUNKED + "Content-Encoding: gzip\r\n\r\n" + Integer.toHexString(half.length) + "\r\n")
                .send(half)
                .send("\r\n0\r\n\r\n");
    }

    @ParameterizedTest(name = "{0}, {2}: {1}")
    @MethodSource("ends")
    void an_exchange_that_ends_gives_its_encoder_back(
            String end, ClientWire wire, ContentCoding coding, ScriptedOrigin.Script script, Deed deed)
            throws Exception {
        String path = origin.on(script);
        long before = edge.counters().of(Event.COMPRESSED);
        try (Line connection = wire.connect(edge)) {
            Visit visit = wire.visit(connection);
            visit.get(path, "Accept-Encoding: " + coding.text(), "X-Visitor: " + coding.text());
            Await.until(() -> edge.counters().of(Event.COMPRESSED) > before);
            deed.of(visit, connection);
            Await.until(EncoderSlotsEveryWireTest::isThereOne);
        }
        // one that gave its encoder back twice would let two have one
        assertThat(howManyAtATime(coding)).isEqualTo(1);
    }

    /** Whether an answer that comes now is compressed. */
    private static boolean isThereOne() {
        String path = origin.answering(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n" + "a".repeat(100));
        try (Visit visit = ClientWire.HTTP_1.visit(edge)) {
            visit.get(path, "Accept-Encoding: gzip");
            boolean isCompressed = visit.head().field("content-encoding").equals("gzip");
            visit.rest();
            return isCompressed;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Of three answers under way together. */
    private static long howManyAtATime(ContentCoding coding) throws Exception {
        long before = edge.counters().of(Event.COMPRESSED);
        String path = origin.on(saying("", BEGUN));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RawClient client = edge.client();
            clients.add(client);
            client.send("GET " + path + " HTTP/1.1\r\nHost: a.example.com\r\nAccept-Encoding: " + coding.text()
                    + "\r\n\r\n");
            client.readHead();
        }
        for (RawClient client : clients) {
            client.socket().setSoLinger(true, 0);
            client.close();
        }
        long compressed = edge.counters().of(Event.COMPRESSED) - before;
        Await.until(EncoderSlotsEveryWireTest::isThereOne);
        return compressed;
    }
}
