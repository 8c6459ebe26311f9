package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.TestCertificate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of HTTP/3 that would be another request, or two, in HTTP/1.1: no origin hears of one (RFC 9114 sections 4.2, 4.3 and 10.3). */
class DowngradeHttp3Test {
    private static final String MALFORMED = "reset " + 0x10e;

    private static TestCertificate certificate;
    private static ScriptedOrigin origin;
    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create(ClientWire.HOST);
        origin = new ScriptedOrigin();
        edge = Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(certificate.listener())
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

    @BeforeEach
    void forget() {
        origin.forget();
    }

    /** The same request, as it is made in TLS. */
    private static List<String> inTls(List<String> fields) {
        return fields.stream()
                .map(field -> field.equals(":scheme: http") ? ":scheme: https" : field)
                .toList();
    }

    private static Http3Client client() throws IOException {
        return new Http3Client(edge.port(), ClientWire.HOST);
    }

    private static void assertServed(Http3Client client) throws IOException {
        assertThat(client.get(ClientWire.HOST, "/cdn-cgi/trace").next().fields())
                .contains(":status: 200");
    }

    /** What comes first of the answer: its status, or the fault that ends the stream. */
    private static String outcome(Http3Client.Stream stream) {
        try {
            return stream.next().fields().stream()
                    .filter(field -> field.startsWith(":status: "))
                    .findFirst()
                    .orElse("no status");
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** A body that does not come is known when the request ends; until then the origin may hear of the request, but not of its end. */
    private static boolean isOfBody(String what) {
        return what.equals("a length without a body") || what.equals("a list of lengths"); // of which Netty makes one
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.anycastle.proxy.wire.DowngradeTest#unsafe")
    void a_head_that_http_1_1_would_read_otherwise_reaches_no_origin(String what, List<String> fields)
            throws Exception {
        if (isOfBody(what)) {
            return; // see below
        }
        try (Http3Client client = client()) {
            assertThat(outcome(client.open(true, inTls(fields)))).isIn(MALFORMED, ":status: 400");
            assertThat(origin.unseen()).isZero();
            assertServed(client);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.anycastle.proxy.wire.DowngradeTest#refused")
    void what_is_well_formed_and_forbidden_has_its_status_or_is_malformed(String what, List<String> fields, int status)
            throws Exception {
        List<String> ordered = new ArrayList<>(inTls(fields));
        ordered.sort((one, other) -> Boolean.compare(!one.startsWith(":"), !other.startsWith(":")));
        try (Http3Client client = client()) {
            assertThat(outcome(client.open(true, ordered))).isIn(MALFORMED, ":status: " + status);
            assertThat(origin.unseen()).isZero();
            assertServed(client);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5})
    void a_body_of_another_length_than_told_never_looks_whole_to_the_origin(int length) throws Exception {
        String path = origin.on((peer, head) -> peer.in().readAllBytes());
        try (Http3Client client = client()) {
            Http3Client.Stream stream = client.open(false, inTls(Http2Client.head("POST", path, "content-length: 4")));
            if (length > 0) {
                stream.data(new byte[length]);
            }
            stream.end();
            assertThatThrownBy(stream::next).hasMessage(MALFORMED);
            assertServed(client);
        }
    }

    @Test
    void crumbs_of_a_cookie_are_one_field_and_a_host_that_is_the_authority_again_is_none() throws Exception {
        try (Http3Client client = client()) {
            List<String> fields = Http2Client.head(
                    "GET", "/", "cookie: a=b", "x: 1", "cookie: c=d", "host: a.example.com", "cookie: e=f");
            assertThat(client.open(true, inTls(fields)).next().fields()).contains(":status: 200");
            DowngradeTest.assertOneCookieAndHost(origin.nextHead());
        }
    }

    @Test
    void fields_behind_a_body_are_held_to_the_same() throws Exception {
        for (String trailer : DowngradeTest.UNSAFE_TRAILERS) {
            String path = origin.on((peer, head) -> peer.in().readAllBytes());
            try (Http3Client client = client()) {
                Http3Client.Stream stream = client.open(false, inTls(Http2Client.head("POST", path)));
                stream.data(new byte[4]);
                stream.head(List.of(trailer), true);
                assertThatThrownBy(stream::next).describedAs(trailer).hasMessage(MALFORMED);
            }
        }
    }
}
