package io.anycastle.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol from those in front, versions 1 and 2, before HTTP and before TLS. */
class ProxiedClientTest {
    private static final String HOST = "a.example.com";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private TestCertificate certificate;
    private RawOrigin origin;

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.create(HOST);
        origin = new RawOrigin(connection -> {
            while (true) {
                String client = connection
                        .readHead()
                        .lines()
                        .filter(line -> line.startsWith("CF-Connecting-IP: "))
                        .findFirst()
                        .orElse("none");
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(client.length(), client));
            }
        });
    }

    @AfterEach
    void end() throws IOException {
        origin.close();
        certificate.close();
    }

    private Edge edge() {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+" + HOST + " A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .proxyProtocolFrom("127.0.0.0/8");
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] v2(String hex) {
        return HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", ""));
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of("version 1, IPv4", v1("PROXY TCP4 203.0.113.7 198.51.100.1 5000 80"), "203.0.113.7"),
                Arguments.of("version 1, IPv6", v1("PROXY TCP6 2001:db8::7 2001:db8::1 5000 80"), "2001:db8::7"),
                Arguments.of("version 1, unknown", v1("PROXY UNKNOWN"), "127.0.0.1"),
                Arguments.of("version 2, IPv4", v2("21 11 000c cb007107 c6336401 1388 0050"), "203.0.113.7"),
                Arguments.of(
                        "version 2, IPv6 and extras",
                        v2(
                                "21 21 0028 20010db8000000000000000000000007 20010db8000000000000000000000001 1388 0050 04 0001 00"),
                        "2001:db8::7"),
                Arguments.of("version 2, for itself", v2("20 00 0000"), "127.0.0.1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void the_client_is_whom_the_header_names(String what, byte[] header, String client) throws Exception {
        try (var edge = edge().start()) {
            for (int listener = 0; listener < 2; listener++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(),
                        edge.service().listeners().get(listener).port());
                socket.setTcpNoDelay(true);
                for (byte octet : header) {
                    socket.getOutputStream().write(octet);
                }
                try (var visitor =
                        new RawClient(listener == 0 ? socket : TestCertificate.over(socket, HOST, "http/1.1"))) {
                    assertThat(visitor.get(HOST, "/").text()).isEqualTo("CF-Connecting-IP: " + client);
                    assertThat(visitor.get(HOST, "/").text()).isEqualTo("CF-Connecting-IP: " + client);
                }
            }
        }
    }

    @Test
    void header_and_request_may_come_together() throws Exception {
        try (var edge = edge().start();
                var visitor = edge.client()) {
            visitor.send("PROXY TCP4 203.0.113.7 198.51.100.1 5000 80\r\nGET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
            assertThat(visitor.read().text()).isEqualTo("CF-Connecting-IP: 203.0.113.7");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n",
                "PROXY TCP4 203.0.113.7 198.51.100.1 5000\r\n",
                "PROXY TCP4 host.example 198.51.100.1 5000 80\r\n",
                "PROXY TCP4 203.0.113.7 198.51.100.1 5000 80 and more than a line of version 1 may hold, since it ends here or never"
            })
    void a_trusted_peer_without_a_header_is_not_served(String said) throws Exception {
        try (var edge = edge().start();
                var visitor = edge.client()) {
            visitor.sendAsFarAsItIsTaken(said);
            assertThat(visitor.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_header_that_does_not_come_is_not_waited_for() throws Exception {
        try (var edge = edge().clients(new ClientLimits(SHORT, LONG, LONG, LONG, LONG, LONG, 100, 100, 32, 64))
                        .start();
                var visitor = edge.client()) {
            visitor.send("PROXY TC");
            assertThat(visitor.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void nobody_elses_header_is_understood() throws Exception {
        try (var edge = edge().proxyProtocolFrom("10.0.0.0/8").start();
                var visitor = edge.client()) {
            visitor.sendAsFarAsItIsTaken("PROXY TCP4 203.0.113.7 198.51.100.1 5000 80\r\nGET / HTTP/1.1\r\n\r\n");
            assertThat(visitor.read().status()).isEqualTo(400);
        }
    }

    @Test
    void the_limit_of_a_client_network_is_the_clients() throws Exception {
        try (var edge = edge().clients(new ClientLimits(LONG, LONG, LONG, LONG, LONG, LONG, 100, 1, 32, 64))
                        .start();
                var one = edge.client();
                var other = edge.client();
                var same = edge.client()) {
            String header = "PROXY TCP4 203.0.113.%d 198.51.100.1 5000 80\r\n";
            assertThat(one.send(header.formatted(1)).get(HOST, "/").text()).endsWith("203.0.113.1");
            assertThat(other.send(header.formatted(2)).get(HOST, "/").text()).endsWith("203.0.113.2");
            same.send(header.formatted(1));
            assertThat(same.isClosedByPeer()).isTrue();
            assertThat(edge.counters().of(Event.CONNECTIONS_REFUSED)).isEqualTo(1);
            one.socket().close();
            Await.until(() -> admitsAgain(edge, header.formatted(1)));
        }
    }

    private static boolean admitsAgain(Edge edge, String header) {
        try (var again = edge.client()) {
            return again.send(header).get(HOST, "/").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
