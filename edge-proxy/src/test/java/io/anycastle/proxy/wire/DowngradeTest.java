package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of HTTP/2 that would be another request, or two, in HTTP/1.1: no origin hears of one (RFC 9113 sections 8.2, 8.3 and 10.3). */
class DowngradeTest {
    static final List<String> UNSAFE_TRAILERS =
            List.of("X-Up: 1", "x: a\r\nEvil: 1", ":path: /", "transfer-encoding: chunked");

    private static final int PROTOCOL_ERROR = 1;

    private static ScriptedOrigin origin;
    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        origin = new ScriptedOrigin();
        edge = Edge.edge()
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        edge.close();
        origin.close();
    }

    @BeforeEach
    void forget() {
        origin.forget();
    }

    private static List<String> get(String... more) {
        return Http2Client.head("GET", "/", more);
    }

    private static List<String> without(String pseudo, String... instead) {
        List<String> fields = new ArrayList<>(get());
        fields.removeIf(field -> field.startsWith(pseudo + ": "));
        fields.addAll(0, Arrays.asList(instead));
        return fields;
    }

    static Stream<Arguments> unsafe() {
        return Stream.of(
                row("CR LF in a value", get("x: a\r\nEvil: 1")),
                row("LF in a value", get("x: a\nEvil: 1")),
                row("CR in a value", get("x: a\rb")),
                row("NUL in a value", get("x: a\0b")),
                row("blank before a value", get("x:  a")),
                row("blank behind a value", get("x: a ")),
                row("CR LF in a name", get("a\r\nevil: 1")),
                row("NUL in a name", get("a\0b: 1")),
                row("space in a name", get("a b: 1")),
                row("colon in a name", get("a:b: 1")),
                row("upper case in a name", get("X-Up: 1")),
                row("a letter outside ASCII in a name", get("\u00e9: 1")),
                row("a transfer coding", get("transfer-encoding: chunked")),
                row("connection", get("connection: close")),
                row("keep-alive", get("keep-alive: timeout=5")),
                row("proxy-connection", get("proxy-connection: close")),
                row("upgrade", get("upgrade: websocket")),
                row("te", get("te: gzip")),
                row("a signed length", get("content-length: +1")),
                row("a list of lengths", get("content-length: 1, 1")),
                row("two lengths", get("content-length: 0", "content-length: 1")),
                row("an empty length", get("content-length: ")),
                row("a length without a body", get("content-length: 5")),
                row("two requests in the path", without(":path", ":path: / HTTP/1.1\r\nEvil: 1\r\n\r\nGET /")),
                row("a space in the path", without(":path", ":path: /a b")),
                row("a tab in the path", without(":path", ":path: /a\tb")),
                row("NUL in the path", without(":path", ":path: /a\0b")),
                row("a path without a slash", without(":path", ":path: a")),
                row("an absolute path", without(":path", ":path: http://b.example.com/")),
                row("an empty path", without(":path", ":path: ")),
                row("no path", without(":path")),
                row("two paths", without(":path", ":path: /", ":path: /evil")),
                row("no scheme", without(":scheme")),
                row("another scheme", without(":scheme", ":scheme: ftp")),
                row("two schemes", without(":scheme", ":scheme: http", ":scheme: https")),
                row("no method", without(":method")),
                row("two methods", without(":method", ":method: GET", ":method: POST")),
                row("two requests in the method", without(":method", ":method: GET / HTTP/1.1\r\nEvil: 1\r\n\r\nGET")),
                row("a space in the method", without(":method", ":method: G T")),
                row("two authorities", without(":authority", ":authority: a.example.com", ":authority: b")),
                row("an empty authority", without(":authority", ":authority: ")),
                row("CR LF in the authority", without(":authority", ":authority: a.example.com\r\nEvil: 1")),
                row("a space in the authority", without(":authority", ":authority: a.example.com b")),
                row("a pseudo-field behind a field", get("x: a", ":path: /evil")),
                row("an unknown pseudo-field", without(":none", ":x: a")),
                row("a pseudo-field of answers", without(":none", ":status: 200")),
                row("a protocol beside GET", without(":none", ":protocol: websocket")),
                row("CONNECT with a path", without(":method", ":method: CONNECT")),
                row(
                        "a tunnel with a length",
                        without(":method", ":method: CONNECT", ":protocol: websocket", "content-length: 0")));
    }

    private static Arguments row(String what, List<String> fields) {
        return Arguments.of(what, fields);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unsafe")
    void a_head_that_http_1_1_would_read_otherwise_is_malformed(String what, List<String> fields) throws Exception {
        try (Http2Client client = ClientWire.HTTP_2.http2(edge)) {
            Http2Client.Said said = client.open(true, fields).next();

            assertThat(said.type()).isEqualTo(Http2Client.RST_STREAM);
            assertThat(said.code()).isEqualTo(PROTOCOL_ERROR);
            assertThat(origin.unseen()).isZero();
            assertThat(client.get("/cdn-cgi/trace").next().fields()).contains(":status: 200");
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("another host than the authority", get("host: b.example.com"), 400),
                Arguments.of("two hosts", without(":authority", "host: a.example.com", "host: a.example.com"), 400),
                Arguments.of("userinfo", without(":authority", ":authority: u@a.example.com"), 400),
                Arguments.of("a fragment", without(":path", ":path: /#a"), 400),
                Arguments.of("CONNECT", List.of(":method: CONNECT", ":authority: a.example.com:443"), 405),
                Arguments.of(
                        "a tunnel of another protocol", without(":method", ":method: CONNECT", ":protocol: x"), 405));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void what_is_well_formed_and_forbidden_has_its_status(String what, List<String> fields, int status)
            throws Exception {
        List<String> ordered = new ArrayList<>(fields);
        ordered.sort((one, other) -> Boolean.compare(!one.startsWith(":"), !other.startsWith(":")));
        try (Http2Client client = ClientWire.HTTP_2.http2(edge)) {
            assertThat(client.open(true, ordered).next().fields()).contains(":status: " + status);
            assertThat(origin.unseen()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void a_body_of_another_length_than_told_never_looks_whole_to_the_origin(int length) throws Exception {
        String path = origin.on((peer, head) -> peer.in().readAllBytes());
        try (Http2Client client = ClientWire.HTTP_2.http2(edge)) {
            Http2Client.Stream stream = client.open(false, Http2Client.head("POST", path, "content-length: 4"));
            stream.data(new byte[length], true);
            assertThat(stream.next().code()).isEqualTo(PROTOCOL_ERROR);
            assertThat(client.get("/cdn-cgi/trace").next().fields()).contains(":status: 200");
        }
    }

    @Test
    void crumbs_of_a_cookie_are_one_field_and_a_host_that_is_the_authority_again_is_none() throws Exception {
        try (Http2Client client = ClientWire.HTTP_2.http2(edge)) {
            Http2Client.Stream stream =
                    client.open(true, get("cookie: a=b", "x: 1", "cookie: c=d", "host: a.example.com", "cookie: e=f"));

            assertThat(stream.next().fields()).contains(":status: 200");
            assertOneCookieAndHost(origin.nextHead());
        }
    }

    static void assertOneCookieAndHost(List<String> head) {
        assertThat(head).contains("cookie: a=b; c=d; e=f", "x: 1");
        assertThat(head.stream().filter(line -> line.startsWith("host: "))).containsExactly("host: a.example.com");
    }

    @Test
    void fields_behind_a_body_are_held_to_the_same() throws Exception {
        for (String trailer : UNSAFE_TRAILERS) {
            String path = origin.on((peer, head) -> peer.in().readAllBytes());
            try (Http2Client client = ClientWire.HTTP_2.http2(edge)) {
                Http2Client.Stream stream = client.open(false, Http2Client.head("POST", path));
                stream.data(new byte[4], false);
                stream.head(List.of(trailer), true);
                assertThat(stream.next().code()).isEqualTo(PROTOCOL_ERROR);
            }
        }
    }
}
