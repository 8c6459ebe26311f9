package io.anycastle.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Edge;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 and RFC 9110 section 5, in raw bytes: what two servers could read differently is not forwarded. */
class FramingTest {
    private static final String HOST = "Host: a.example.com\r\n";
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();
    private static RawOrigin origin;
    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        origin = new RawOrigin(connection -> takeBodiesForHeads(connection, SEEN));
        edge = Edge.edge()
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
    }

    /** It takes a body for the next head: what it answers to that must meet no other request. */
    private static void takeBodiesForHeads(RawOrigin.Served connection, List<String> seen) throws IOException {
        while (true) {
            seen.add(connection.readHead());
            connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        edge.close();
        origin.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused(
                        "transfer coding beside a length",
                        400,
                        "POST / HTTP/1.1\r\n" + HOST
                                + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        "transfer coding that does not end in chunked",
                        400,
                        "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip\r\n\r\n"),
                refused(
                        "transfer coding of two words",
                        400,
                        "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
                refused(
                        "gzip before chunked",
                        501,
                        "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        "chunked before chunked",
                        400,
                        "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        "gzip before chunked, of HTTP/1.0",
                        400,
                        "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        "chunked twice",
                        400,
                        "POST / HTTP/1.1\r\n" + HOST
                                + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        "an odd transfer coding",
                        400,
                        "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                refused(
                        "a transfer coding in HTTP/1.0",
                        400,
                        "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        "two lengths",
                        400,
                        "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
                refused(
                        "two lengths that agree",
                        400,
                        "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"),
                refused("a list of lengths", 400, "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1, 1\r\n\r\na"),
                refused("a signed length", 400, "POST / HTTP/1.1\r\n" + HOST + "Content-Length: +1\r\n\r\na"),
                refused("a negative length", 400, "POST / HTTP/1.1\r\n" + HOST + "Content-Length: -1\r\n\r\n"),
                refused("a length in hex", 400, "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 0x1\r\n\r\na"),
                refused("an empty length", 400, "POST / HTTP/1.1\r\n" + HOST + "Content-Length:\r\n\r\n"),
                refused(
                        "a length beyond all bounds",
                        400,
                        "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 99999999999999999999\r\n\r\n"),
                refused("LF alone after the request line", 400, "GET / HTTP/1.1\n" + HOST + "\r\n"),
                refused("LF alone after a header", 400, "GET / HTTP/1.1\r\nHost: a.example.com\nX: y\r\n\r\n"),
                refused("LF alone at the end", 400, "GET / HTTP/1.1\r\n" + HOST + "\n"),
                refused("CR alone in a value", 400, "GET / HTTP/1.1\r\n" + HOST + "X: a\rb\r\n\r\n"),
                refused("a folded line", 400, "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n b\r\n\r\n"),
                refused("a folded line by tab", 400, "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n\tb\r\n\r\n"),
                refused("a folded first line", 400, "GET / HTTP/1.1\r\n Host: a.example.com\r\n\r\n"),
                refused("a space before the colon", 400, "GET / HTTP/1.1\r\n" + HOST + "X : y\r\n\r\n"),
                refused("a tab before the colon", 400, "GET / HTTP/1.1\r\n" + HOST + "X\t: y\r\n\r\n"),
                refused("a header without a name", 400, "GET / HTTP/1.1\r\n" + HOST + ": y\r\n\r\n"),
                refused("a header without a colon", 400, "GET / HTTP/1.1\r\n" + HOST + "X\r\n\r\n"),
                refused("NUL in a value", 400, "GET / HTTP/1.1\r\n" + HOST + "X: a\0b\r\n\r\n"),
                refused("NUL in a name", 400, "GET / HTTP/1.1\r\n" + HOST + "X\0: b\r\n\r\n"),
                refused("NUL in the target", 400, "GET /a\0b HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("a raw byte outside ASCII in the target", 400, "GET /\u00e9 HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("two spaces before the target", 400, "GET  / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("two spaces before the version", 400, "GET /  HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("a tab before the target", 400, "GET\t/ HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("a space after the version", 400, "GET / HTTP/1.1 \r\n" + HOST + "\r\n"),
                refused("no version", 400, "GET /\r\n" + HOST + "\r\n"),
                refused("a method that is no token", 400, "G(T / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("an unknown version", 505, "GET / HTTP/2.0\r\n" + HOST + "\r\n"),
                refused("an old version", 505, "GET / HTTP/0.9\r\n" + HOST + "\r\n"),
                refused("a version in lower case", 400, "GET / http/1.1\r\n" + HOST + "\r\n"),
                refused("a version of two digits", 400, "GET / HTTP/1.10\r\n" + HOST + "\r\n"),
                refused("a version that is none", 400, "GET / HTTQ/1.1\r\n" + HOST + "\r\n"),
                refused("another protocol", 400, "GET / RTSP/1.0\r\n" + HOST + "\r\n"),
                refused("a space in the target", 400, "GET /a b HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("an empty host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                refused("an empty host of blanks", 400, "GET / HTTP/1.1\r\nHost:  \r\n\r\n"),
                refused("an empty host in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost:\r\n\r\n"),
                refused(
                        "an absolute target beside an empty host",
                        400,
                        "GET http://a.example.com/ HTTP/1.1\r\nHost:\r\n\r\n"),
                refused(
                        "a target and a host whose ports differ",
                        400,
                        "GET http://a.example.com:81/ HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(
                        "a transfer coding in HTTP/1.2 that is not chunked",
                        400,
                        "POST / HTTP/1.2\r\n" + HOST + "Transfer-Encoding: gzip\r\n\r\n"),
                refused("several hosts", 400, "GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n"),
                refused("no host", 400, "GET / HTTP/1.1\r\n\r\n"),
                refused("a host with userinfo", 400, "GET / HTTP/1.1\r\nHost: u@a.example.com\r\n\r\n"),
                refused("a host with a path", 400, "GET / HTTP/1.1\r\nHost: a.example.com/x\r\n\r\n"),
                refused("a host with a space", 400, "GET / HTTP/1.1\r\nHost: a.example.com b\r\n\r\n"),
                refused("a host with an empty label", 400, "GET / HTTP/1.1\r\nHost: a..example.com\r\n\r\n"),
                refused("a host with a bad port", 400, "GET / HTTP/1.1\r\nHost: a.example.com:99999\r\n\r\n"),
                refused(
                        "a target and a host that differ",
                        400,
                        "GET http://b.example.com/ HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("a target of another scheme", 400, "GET https://a.example.com/ HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("a target without a slash", 400, "GET a HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("a target with a fragment", 400, "GET /#a HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("CONNECT", 405, "CONNECT a.example.com:443 HTTP/1.1\r\n" + HOST + "\r\n"),
                refused("TRACE", 405, "TRACE / HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(
                        "a target beyond 16 KiB",
                        414,
                        "GET /" + "a".repeat(16 * 1024) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                refused(
                        "a header beyond 16 KiB",
                        431,
                        "GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(16 * 1024) + "\r\n\r\n"),
                refused(
                        "headers beyond 32 KiB",
                        431,
                        "GET / HTTP/1.1\r\n" + HOST + ("X: " + "a".repeat(8000) + "\r\n").repeat(5) + "\r\n"));
    }

    private static Arguments refused(String what, int status, String bytes) {
        return Arguments.of(what, status, bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void a_request_that_can_be_read_in_two_ways_is_refused_and_the_connection_closed(
            String what, int status, String bytes) throws Exception {
        SEEN.clear();
        try (RawClient client = edge.client()) {
            client.sendAsFarAsItIsTaken(bytes);
            var answer = client.read();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(SEEN).isEmpty();
        }
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                Arguments.of("no hex", "xyz\r\n"),
                Arguments.of("a sign", "+1\r\na\r\n"),
                Arguments.of("a prefix", "0x1\r\na\r\n"),
                Arguments.of("beyond all bounds", "ffffffffffffffff\r\n"),
                Arguments.of("LF alone", "1\na\r\n0\r\n\r\n"),
                Arguments.of("a chunk longer than said", "1\r\nab\r\n0\r\n\r\n"),
                Arguments.of("LF alone in an extension", "1;a\nb\r\na\r\n0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badBodies")
    void a_bad_chunk_ends_the_connection_and_the_origin_never_sees_a_whole_request(String what, String body)
            throws Exception {
        try (var slow = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.peer().in().readAllBytes();
                });
                var other = Edge.edge()
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", slow.port())
                        .start();
                var client = other.client()) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + body);
            String first = client.readLine();

            assertThat(first).contains(" 400 ");
            while (!client.isClosedByPeer()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void the_second_of_two_pipelined_requests_is_refused_alone() throws Exception {
        try (RawClient client = edge.client()) {
            client.send("GET /1 HTTP/1.1\r\n" + HOST + "\r\nGET /2 HTTP/1.1\r\n" + HOST + "X : y\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_refused_request_ends_its_connection() throws Exception {
        try (RawClient client = edge.client()) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "X : y\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_head_may_come_byte_by_byte() throws Exception {
        try (RawClient client = edge.client()) {
            for (char c : ("\r\nGET /slow HTTP/1.1\r\n" + HOST + "\r\n").toCharArray()) {
                client.send(String.valueOf(c));
            }

            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_fold_across_two_packets_is_seen() throws Exception {
        try (RawClient client = edge.client()) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "X: a\r\n");
            client.send(" b\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(400);
        }
    }

    @Test
    void an_absolute_target_is_forwarded_as_a_path_with_its_own_host() throws Exception {
        SEEN.clear();
        try (RawClient client = edge.client()) {
            client.send("GET http://A.example.com?q=1 HTTP/1.1\r\nHost: a.example.com\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(SEEN.getFirst()).startsWith("GET /?q=1 HTTP/1.1\r\n").contains("Host: a.example.com\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://a.example.com:80/,a.example.com",
        "http://a.example.com/,a.example.com:80",
        "http://a.example.com:/,a.example.com",
        "HTTP://A.example.com/,a.example.com.",
    })
    void an_absolute_target_and_a_host_are_the_same_when_name_and_port_are(String target, String host)
            throws Exception {
        try (RawClient client = edge.client()) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.9"})
    void a_later_minor_version_is_served_as_1_1_and_its_connection_stays(String version) throws Exception {
        SEEN.clear();
        try (RawClient client = edge.client()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET /later HTTP/" + version + "\r\n" + HOST + "\r\n");

                var answer = client.read();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.head()).startsWith("HTTP/1.1 ");
            }
            assertThat(SEEN).allMatch(head -> head.startsWith("GET /later HTTP/1.1\r\n"));
        }
    }

    @Test
    void http_1_0_gets_its_answer_and_the_connection_ends() throws Exception {
        try (RawClient client = edge.client()) {
            client.send("GET / HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\n\r\n");

            assertThat(client.read().text()).isEqualTo("ok");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void the_largest_allowed_target_and_headers_pass() throws Exception {
        try (RawClient client = edge.client()) {
            String value = "a".repeat(15_000);
            client.send("GET /" + "b".repeat(16 * 1024 - 1) + " HTTP/1.1\r\n" + HOST + "X: " + value + "\r\nY: " + value
                    + "\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_body_of_known_length_does_not_leak_into_the_next_request() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (var own = new RawOrigin(connection -> takeBodiesForHeads(connection, seen));
                var other = Edge.edge()
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", own.port())
                        .start();
                var client = other.client()) {
            String body = "GET /smuggled HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
            client.send("GET /first HTTP/1.1\r\n" + HOST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(seen.getFirst()).startsWith("GET /first");
    }
}
