package io.anycastle.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.wire.Http3Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted of the handshakes of clients. */
class TlsCountersTest {
    private static final String HOST = "a.example.com";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private TestCertificate certificate;
    private RawOrigin origin;
    private Edge edge;

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.create(HOST);
        origin = RawOrigin.answering(OK);
        edge = Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(certificate.listener(), ListenerConfig.plain("127.0.0.1", 0))
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
        origin.close();
        certificate.close();
    }

    /** Waits for handshakes completed by 1.2, by 1.3, resumed, and failed. */
    private void awaitCounts(long... expected) {
        Await.until(() -> Stream.of(
                        Event.TLS_HANDSHAKES_12,
                        Event.TLS_HANDSHAKES_13,
                        Event.TLS_RESUMED,
                        Event.TLS_HANDSHAKES_FAILED)
                .map(edge.counters()::of)
                .toList()
                .equals(List.of(expected[0], expected[1], expected[2], expected[3])));
    }

    private SSLSocket socket(String... protocols) throws Exception {
        return TestCertificate.socket(edge.port(), HOST, protocols);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, 1, 0", "TLSv1.3, 0, 1"})
    void a_handshake_is_counted_by_its_version(String version, long by12, long by13) throws Exception {
        try (SSLSocket socket = socket("http/1.1")) {
            socket.setEnabledProtocols(new String[] {version});
            assertThat(new RawClient(socket).get(HOST, "/").text()).isEqualTo("ok");
        }
        awaitCounts(by12, by13, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, 2, 0", "TLSv1.3, 0, 2"})
    void one_that_goes_on_from_an_earlier_session_is_counted_as_such(String version, long by12, long by13)
            throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificate.authority());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        for (int i = 0; i < 2; i++) {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), edge.port());
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, HOST, edge.port(), true)) {
                socket.setEnabledProtocols(new String[] {version});
                assertThat(new RawClient(socket).get(HOST, "/").text()).isEqualTo("ok");
            }
        }
        awaitCounts(by12, by13, 1, 0);
    }

    @Test
    void one_over_quic_is_of_version_1_3() throws Exception {
        try (var client = new Http3Client(edge.port(), HOST)) {
            assertThat(client.get(HOST, "/").next().fields()).contains(":status: 200");
        }
        awaitCounts(0, 1, 0, 0);
    }

    @Test
    void a_port_without_tls_counts_none() throws Exception {
        try (var client = new RawClient(edge.service().listeners().get(1).port())) {
            assertThat(client.get(HOST, "/").text()).isEqualTo("ok");
        }
        Await.until(() -> edge.counters().connectionsOpen() == 0);
        awaitCounts(0, 0, 0, 0);
    }

    @Test
    void plain_http_at_the_port_of_tls_has_failed() throws Exception {
        try (var client = new RawClient(edge.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
            assertThat(client.isClosedByPeer()).isTrue();
        }
        awaitCounts(0, 0, 0, 1);
    }

    @Test
    void a_client_without_a_protocol_in_common_has_failed() throws Exception {
        try (SSLSocket socket = socket("acme-tls/1")) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
        }
        awaitCounts(0, 0, 0, 1);
        assertThatThrownBy(() -> new Http3Client(edge.port(), HOST, "hq-interop"))
                .isInstanceOf(IOException.class);
        awaitCounts(0, 0, 0, 2);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1"})
    void a_client_that_leaves_in_the_middle_has_failed(int linger) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            socket.setSoLinger(linger == 0, 0);
            socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0});
            Await.until(() -> edge.counters().connectionsOpen() == 1);
        }
        awaitCounts(0, 0, 0, 1);
    }
}
