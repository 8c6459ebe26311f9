package io.anycastle.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.wire.Http2Client;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7301: what is spoken on one port for TLS, whichever library makes the handshake. */
class AlpnTest {
    private static TestCertificate certificate;
    private static RawOrigin origin;
    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create("a.example.com");
        origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        ListenerConfig old =
                new ListenerConfig("127.0.0.1", 0, OptionalInt.empty(), Optional.of(certificate.files()), false, false);
        edge = Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(
                        certificate.listener(),
                        old,
                        new ListenerConfig("127.0.0.1", 0, OptionalInt.empty(), Optional.empty(), false, false))
                .site("example.com", "+a.example.com A 192.0.2.1", "+a_b.example.com A 192.0.2.1")
                .site("example.net", "+a.example.net A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        edge.close();
        origin.close();
        certificate.close();
    }

    private static SSLSocket shaken(int listener, String host, String... protocols) throws Exception {
        SSLSocket socket =
                TestCertificate.socket(edge.service().listeners().get(listener).port(), host, protocols);
        socket.startHandshake();
        return socket;
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource({
        "a.example.com, h2 http/1.1, h2",
        "a.example.com, http/1.1 h2, h2",
        "a.example.com, acme-tls/1 http/1.1, http/1.1",
        "a.example.com, '', ''",
        "a_b.example.com, h2 http/1.1, h2",
        "a_b.example.com, http/1.1, http/1.1",
        "a_b.example.com, '', ''"
    })
    void the_best_protocol_that_both_speak_is_spoken(String host, String offered, String spoken) throws Exception {
        String[] protocols = offered.isEmpty() ? new String[0] : offered.split(" ");
        try (SSLSocket socket = shaken(0, host, protocols)) {
            assertThat(socket.getApplicationProtocol()).isEqualTo(spoken);
            if (spoken.equals("h2")) {
                try (Http2Client client = new Http2Client(socket)) {
                    List<String> head = new ArrayList<>(Http2Client.head("GET", "/"));
                    head.set(2, ":authority: " + host);
                    assertThat(client.open(true, head).next().fields()).contains(":status: 200");
                }
            } else {
                assertThat(new RawClient(socket).get(host, "/").text()).isEqualTo("ok");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example.com", "a_b.example.com"})
    void a_client_without_a_common_protocol_is_not_served(String host) {
        assertThatThrownBy(() -> {
                    try (SSLSocket socket = shaken(0, host, "acme-tls/1")) {
                        new RawClient(socket).get(host, "/");
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void the_alert_for_no_common_protocol_is_its_own() {
        assertThatThrownBy(() -> shaken(0, "a.example.com", "acme-tls/1"))
                .hasMessageContaining("no_application_protocol");
    }

    @Test
    void a_request_for_another_site_than_the_handshakes_is_421_and_the_others_go_on() throws Exception {
        try (Http2Client client = new Http2Client(shaken(0, "a.example.com", "h2"))) {
            for (String host : List.of("a.example.com", "a.example.net", "a_b.example.com")) {
                List<String> head = new ArrayList<>(Http2Client.head("GET", "/"));
                head.set(2, ":authority: " + host);
                assertThat(client.open(true, head).next().fields())
                        .contains(":status: " + (host.endsWith(".net") ? 421 : 200));
            }
        }
    }

    @Test
    void a_listener_that_speaks_no_http2_offers_none_and_knows_no_preface() throws Exception {
        try (SSLSocket socket = shaken(1, "a.example.com", "h2", "http/1.1")) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
        try (RawClient client = new RawClient(edge.service().listeners().get(2).port())) {
            client.sendAsFarAsItIsTaken("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(505);
        }
    }
}
