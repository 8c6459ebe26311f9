package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ListenerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An origin that is told by the PROXY protocol, version 2, who the client is: its connections are that client's alone, whatever it speaks. */
class ProxyProtocolToOriginEveryWireTest {
    private static final String HOST = ClientWire.HOST;
    private static final String SENT = "{'origin_proxy_protocol':'v2'}";
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    /** What each connection began with, in hex and without the signature. */
    private final List<String> told = new CopyOnWriteArrayList<>();

    private TestCertificate certificate;
    private RawOrigin origin;

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.create(HOST);
        origin = new RawOrigin(connection -> {
            told.add(header(connection.socket()));
            serve(connection.peer(), connection.number());
        });
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
        certificate.close();
    }

    private static String header(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] fixed = in.readNBytes(16);
        byte[] rest = in.readNBytes(ByteBuffer.wrap(fixed).getShort(14));
        String hex = HexFormat.of().formatHex(fixed) + HexFormat.of().formatHex(rest);
        assertThat(hex).startsWith(SIGNATURE);
        return hex.substring(SIGNATURE.length());
    }

    /** Each request is answered with the connection's number. */
    private static void serve(RawClient peer, int number) throws IOException {
        while (true) {
            peer.readHead();
            peer.send(answer(number));
        }
    }

    private static String answer(int number) {
        String body = Integer.toString(number);
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private Edge edge(RawOrigin asked, String settings) {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .threads(1)
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1 " + settings.replace('\'', '"'))
                .origin("192.0.2.1", asked.port());
    }

    private Edge edge() {
        return edge(origin, SENT);
    }

    private static String ask(Visit visit) throws IOException {
        visit.get("/");
        assertThat(visit.head().status()).isEqualTo(200);
        return new String(visit.rest().body(), StandardCharsets.US_ASCII);
    }

    private static int port(Edge edge, int listener) {
        return edge.service().listeners().get(listener).port();
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_clients_requests_share_a_connection_that_no_other_client_gets_and_that_ends_with_it(ClientWire wire)
            throws Exception {
        try (Edge edge = edge().start()) {
            try (Visit one = wire.visit(edge);
                    Visit other = wire.visit("127.0.0.2", port(edge, wire.isTls() ? 1 : 0))) {
                assertThat(ask(one)).isEqualTo("1");
                assertThat(ask(other)).isEqualTo("2");
                assertThat(ask(one)).isEqualTo("1");
                assertThat(ask(other)).isEqualTo("2");
            }
            Await.until(() -> origin.openConnections() == 0);
            String end = "%04x".formatted(port(edge, wire.isTls() ? 1 : 0));
            assertThat(told).hasSize(2);
            // PROXY, TCP over IPv4, 12 octets: source and destination, their ports
            assertThat(told.get(0)).matches("2111000c" + "7f000001" + "7f000001" + "[0-9a-f]{4}" + end);
            assertThat(told.get(1)).matches("2111000c" + "7f000002" + "7f000001" + "[0-9a-f]{4}" + end);
        }
    }

    @Test
    void the_clients_own_port_is_told() throws Exception {
        try (Edge edge = edge().start();
                RawClient client = edge.client()) {
            client.get(HOST, "/");
            assertThat(told.getFirst())
                    .isEqualTo("2111000c7f0000017f000001%04x%04x"
                            .formatted(client.socket().getLocalPort(), port(edge, 0)));
        }
    }

    @Test
    void what_a_trusted_peer_said_by_the_protocol_is_passed_on() throws Exception {
        try (Edge edge = edge().proxyProtocolFrom("127.0.0.0/8").start();
                RawClient client = edge.client()) {
            client.send("PROXY TCP6 2001:db8::7 2001:db8::1 5000 8443\r\n");
            client.get(HOST, "/");
            assertThat(told.getFirst())
                    .isEqualTo("21210024" + "20010db8000000000000000000000007" + "20010db8000000000000000000000001"
                            + "138820fb");
        }
    }

    @Test
    void clients_behind_a_trusted_proxy_have_connections_of_their_own_and_no_known_port() throws Exception {
        try (Edge edge = edge().trusted("127.0.0.0/8").start();
                RawClient proxy = edge.client()) {
            assertThat(proxy.get(HOST, "/", "X-Forwarded-For: 203.0.113.7").text())
                    .isEqualTo("1");
            assertThat(proxy.get(HOST, "/", "X-Forwarded-For: 2001:db8::7").text())
                    .isEqualTo("2");
            assertThat(proxy.get(HOST, "/", "X-Forwarded-For: 203.0.113.7").text())
                    .isEqualTo("1");
            String end = "%04x".formatted(port(edge, 0));
            assertThat(told)
                    .containsExactly(
                            "2111000c" + "cb007107" + "7f000001" + "0000" + end,
                            // one family for both: the edge's IPv4 address as IPv6 has it
                            "21210024" + "20010db8000000000000000000000007" + "00000000000000000000ffff7f000001"
                                    + "0000" + end);
        }
    }

    @Test
    void it_comes_before_tls() throws Exception {
        try (RawOrigin secure = new RawOrigin(connection -> {
                    told.add(header(connection.socket()));
                    SSLSocket tls = (SSLSocket)
                            certificate.server().getSocketFactory().createSocket(connection.socket(), null, true);
                    tls.setUseClientMode(false);
                    tls.startHandshake();
                    serve(new RawClient(tls), connection.number());
                });
                Edge edge = edge(
                                secure,
                                "{'origin_proxy_protocol':'v2','origin_scheme':'https','origin_tls_verify':false}")
                        .start();
                RawClient client = edge.client()) {
            assertThat(client.get(HOST, "/").text()).isEqualTo("1");
            assertThat(client.get(HOST, "/").text()).isEqualTo("1");
            assertThat(told).hasSize(1);
        }
    }

    @Test
    void an_unused_connection_gives_way_to_another_clients_where_there_is_no_room() throws Exception {
        try (Edge edge = edge().pool(1, 0).start();
                RawClient one = edge.client();
                RawClient other = edge.client()) {
            assertThat(one.get(HOST, "/").text()).isEqualTo("1");
            assertThat(other.get(HOST, "/").text()).isEqualTo("2");
            assertThat(one.get(HOST, "/").text()).isEqualTo("3");
            Await.until(() -> origin.openConnections() == 1);
        }
    }

    @Test
    void an_origin_that_ends_the_connection_is_asked_on_a_new_one() throws Exception {
        try (RawOrigin ending = new RawOrigin(connection -> {
                    header(connection.socket());
                    connection.readHead();
                    connection.send(answer(connection.number()));
                });
                Edge edge = edge(ending, SENT).start();
                RawClient client = edge.client()) {
            for (int request = 1; request <= 3; request++) {
                assertThat(client.get(HOST, "/").text()).isEqualTo(Integer.toString(request));
            }
        }
    }
}
