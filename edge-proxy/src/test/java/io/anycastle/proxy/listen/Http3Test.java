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
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is HTTP/3's alone: QUIC's handshake, the limits of a connection, who moves, and how it is found (RFC 9000, RFC 9114). */
class Http3Test {
    private static final String HOST = "a.example.com";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int EXCESSIVE_LOAD = 0x107;
    private static final int CANCELLED = 0x10c;
    private static final int MESSAGE_ERROR = 0x10e;
    private static final int INITIAL_OCTETS = 1200;
    private static final int AMPLIFICATION_MAX = 3;

    private static TestCertificate certificate;
    private static RawOrigin origin;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create(HOST);
        origin = RawOrigin.answering(OK);
    }

    @AfterAll
    static void stop() throws Exception {
        origin.close();
        certificate.close();
    }

    private static Edge edge(Edge of) {
        return of.tls(OriginTlsMode.FLEXIBLE)
                .listeners(certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port());
    }

    private static Http3Limits limits(int resets, int broken, int handshakes) {
        Http3Limits usual = Http3Limits.DEFAULTS;
        return new Http3Limits(
                usual.streamsMax(),
                usual.streamWindowBytes(),
                usual.connectionWindowBytes(),
                resets,
                usual.window(),
                broken,
                handshakes,
                usual.payloadMax(),
                usual.socketBufferBytes(),
                usual.altSvcMaxAge());
    }

    private static void assertOk(Http3Client client) throws IOException {
        Http3Client.Stream stream = client.get(HOST, "/");
        assertThat(stream.next().fields()).contains(":status: 200");
        assertThat(stream.next().data()).hasSize(2);
    }

    /** A request that is to have a body. */
    private static Http3Client.Stream upload(Http3Client client) throws IOException {
        return client.open(false, List.of(":method: POST", ":scheme: https", ":authority: " + HOST, ":path: /"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void each_event_loop_serves_its_clients(boolean isNative) throws Exception {
        try (var edge = edge(isNative ? Edge.onNativeTransport() : Edge.edge())
                .threads(3)
                .start()) {
            for (int i = 0; i < 12; i++) {
                try (var client = new Http3Client(edge.port(), HOST)) {
                    assertOk(client);
                }
            }
            assertThat(edge.counters().of(Event.HTTP3_CONNECTIONS)).isEqualTo(12);
        }
    }

    /** The kernel chooses the socket by both ends' addresses: most of these come to another event loop's. */
    @Test
    void a_client_that_moves_is_served_on() throws Exception {
        try (var edge = edge(Edge.onNativeTransport()).threads(4).start();
                var mover = new MovingPath(edge.port());
                var client = new Http3Client(mover.port(), HOST)) {
            assertOk(client);
            for (int i = 0; i < 3; i++) {
                mover.move();
                assertOk(client);
            }
            assertThat(edge.counters().of(Event.HTTP3_CONNECTIONS)).isEqualTo(1);
        }
    }

    @Test
    void while_many_handshakes_are_under_way_a_client_proves_its_address() throws Exception {
        try (var edge = edge(Edge.edge()).http3(limits(200, 1000, 0)).start()) {
            for (int i = 0; i < 3; i++) {
                try (var client = new Http3Client(edge.port(), HOST)) {
                    assertOk(client);
                }
            }
            assertThat(edge.counters().of(Event.QUIC_RETRIES)).isEqualTo(3);
        }
    }

    /** RFC 9000 section 8.1: what is sent to an address that nobody has proved to have. */
    @Test
    void an_address_that_is_not_proved_is_sent_at_most_three_times_what_came_from_it() throws Exception {
        try (var edge = edge(Edge.edge()).start();
                var socket = new DatagramSocket();
                var peeking = new MovingPath(edge.port())) {
            peeking.isDumb(true);
            assertThatThrownBy(() -> new Http3Client(peeking.port(), HOST, Duration.ofMillis(500)))
                    .isInstanceOf(IOException.class);
            byte[] initial = peeking.firstDatagram();
            assertThat(initial.length).isGreaterThanOrEqualTo(INITIAL_OCTETS);
            socket.setSoTimeout(3000);
            socket.send(new DatagramPacket(initial, initial.length, InetAddress.getLoopbackAddress(), edge.port()));
            int heard = 0;
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                    socket.receive(packet);
                    heard += packet.getLength();
                }
            } catch (SocketTimeoutException e) {
                assertThat(heard).isBetween(1, AMPLIFICATION_MAX * initial.length);
            }
        }
    }

    @Test
    void a_handshake_that_does_not_end_is_given_up_and_none_is_lost_for_others() throws Exception {
        ClientLimits usual = ClientLimits.DEFAULTS;
        var hasty = new ClientLimits(
                Duration.ofMillis(200),
                usual.idle(),
                usual.head(),
                usual.body(),
                usual.write(),
                usual.linger(),
                1,
                1,
                usual.prefixV4(),
                usual.prefixV6());
        try (var edge = edge(Edge.edge()).clients(hasty).start();
                var path = new MovingPath(edge.port())) {
            path.isDeaf(true);
            assertThatThrownBy(() -> new Http3Client(path.port(), HOST, Duration.ofSeconds(1)))
                    .isInstanceOf(IOException.class);
            try (var client = new Http3Client(edge.port(), HOST)) {
                assertOk(client);
            }
            Await.until(() -> edge.counters().connectionsOpen() == 0);
            assertThat(edge.counters().of(Event.CONNECTIONS_REFUSED)).isZero();
        }
    }

    @Test
    void a_network_may_hold_so_many_connections() throws Exception {
        ClientLimits usual = ClientLimits.DEFAULTS;
        var narrow = new ClientLimits(
                usual.handshake(),
                usual.idle(),
                usual.head(),
                usual.body(),
                usual.write(),
                usual.linger(),
                10,
                1,
                usual.prefixV4(),
                usual.prefixV6());
        try (var edge = edge(Edge.edge()).clients(narrow).start();
                var first = new Http3Client(edge.port(), HOST)) {
            assertOk(first);
            var second = new Http3Client(edge.port(), HOST);
            second.end();
            second.close();
            assertThat(edge.counters().of(Event.CONNECTIONS_REFUSED)).isEqualTo(1);
            assertOk(first);
        }
    }

    @Test
    void rapid_reset_ends_the_connection_and_others_are_served() throws Exception {
        try (var edge = edge(Edge.edge()).http3(limits(50, 1000, 100)).start();
                var other = new Http3Client(edge.port(), HOST);
                var client = new Http3Client(edge.port(), HOST)) {
            for (int i = 0; i < 60 && client.quic().isActive(); i++) {
                upload(client).reset(CANCELLED);
            }
            assertThat(client.end()).isEqualTo(EXCESSIVE_LOAD);
            assertThat(edge.counters().of(Event.HTTP3_FLOODS)).isEqualTo(1);
            assertOk(other);
        }
    }

    @Test
    void empty_frames_end_the_connection() throws Exception {
        try (var edge = edge(Edge.edge()).http3(limits(50, 1000, 100)).start();
                var client = new Http3Client(edge.port(), HOST)) {
            Http3Client.Stream stream = upload(client);
            for (int i = 0; i < 60 && client.quic().isActive(); i++) {
                stream.empty();
            }
            assertThat(client.end()).isEqualTo(EXCESSIVE_LOAD);
        }
    }

    /** Two octets each on the wire, a hundred as HTTP/2 and HTTP/3 count them (RFC 9204 appendix A). */
    @Test
    void a_qpack_bomb_ends_its_request_and_nobody_else_notices() throws Exception {
        List<String> bomb =
                new ArrayList<>(List.of(":method: GET", ":scheme: https", ":authority: " + HOST, ":path: /"));
        for (int i = 0; i < 5_000; i++) {
            bomb.add("strict-transport-security: max-age=31536000; includesubdomains; preload");
        }
        try (var edge = edge(Edge.edge()).start();
                var client = new Http3Client(edge.port(), HOST);
                var other = new Http3Client(edge.port(), HOST)) {
            assertThatThrownBy(client.open(true, bomb)::next).hasMessage("reset " + MESSAGE_ERROR);
            assertOk(other);
            assertThat(edge.counters().of(Event.HTTP3_CONNECTIONS)).isEqualTo(2);
        }
    }

    @Test
    void a_client_that_never_opens_its_window_is_cut_in_time() throws Exception {
        Duration lasting = Duration.ofMinutes(2);
        Duration brief = Duration.ofMillis(300);
        ClientLimits limits = new ClientLimits(lasting, lasting, lasting, lasting, brief, lasting, 100, 100, 32, 56);
        try (var edge = edge(Edge.edge()).clients(limits).start();
                var client = Http3Client.withWindow(edge.port(), HOST, 0);
                var other = new Http3Client(edge.port(), HOST)) {
            Http3Client.Stream stream = client.get(HOST, "/");
            assertThatThrownBy(stream::next).isInstanceOf(IOException.class).hasMessageStartingWith("reset ");
            Await.until(() -> edge.counters().of(Event.ANSWERS_TRUNCATED) == 1);
            assertOk(other);
        }
    }

    @Test
    void who_breaks_off_many_requests_is_asked_for_another_connection() throws Exception {
        try (var edge = edge(Edge.edge()).http3(limits(1000, 20, 100)).start();
                var client = new Http3Client(edge.port(), HOST)) {
            for (int i = 0; i < 25 && client.quic().isActive(); i++) {
                upload(client).reset(CANCELLED);
            }
            client.goAway();
            client.goAway();
            assertThat(client.end()).isEqualTo(0x100);
        }
    }

    @Test
    void no_common_protocol_ends_the_handshake() throws Exception {
        try (var edge = edge(Edge.edge()).start()) {
            assertThatThrownBy(() -> new Http3Client(edge.port(), HOST, "hq-interop"))
                    .isInstanceOf(IOException.class);
            assertThat(edge.counters().of(Event.HTTP3_CONNECTIONS)).isZero();
        }
    }

    @Test
    void it_is_told_where_it_is_spoken_and_only_there() throws Exception {
        try (var edge = edge(Edge.edge()).start();
                RawClient client = certificate.client(edge.port(), HOST)) {
            assertThat(client.get(HOST, "/").head()).contains("Alt-Svc: h3=\":443\"; ma=86400");
            assertThat(edge.service().listeners().getFirst().alpn()).containsExactly("h3", "h2");
        }
        var without =
                new ListenerConfig("127.0.0.1", 0, OptionalInt.empty(), Optional.of(certificate.files()), true, false);
        try (var edge = edge(Edge.edge()).listeners(without).start();
                RawClient client = certificate.client(edge.port(), HOST)) {
            assertThat(client.get(HOST, "/").head()).doesNotContain("Alt-Svc");
            assertThat(edge.service().listeners().getFirst().alpn()).containsExactly("h2");
        }
    }

    @Test
    void a_udp_port_that_another_program_has_is_told() throws Exception {
        try (var busy = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            var there = new ListenerConfig(
                    "127.0.0.1",
                    busy.getLocalPort(),
                    OptionalInt.empty(),
                    Optional.of(certificate.files()),
                    true,
                    true);
            try (var edge = edge(Edge.edge()).listeners(there)) {
                assertThatThrownBy(edge::start)
                        .hasMessageContaining("The https listener cannot use 127.0.0.1 UDP port " + busy.getLocalPort()
                                + ": another program is listening there.");
            }
        }
    }

    @Test
    void ids_name_their_event_loop() {
        ByteBuffer id = new QuicConnectionIds(258).newId(ByteBuffer.wrap(new byte[8]), QuicConnectionIds.LENGTH);
        assertThat(id.remaining()).isEqualTo(QuicConnectionIds.LENGTH);
        byte[] packet = new byte[40];
        packet[0] = 0x40;
        id.get(packet, 1, QuicConnectionIds.LENGTH);
        var datagram = io.netty.buffer.Unpooled.wrappedBuffer(packet);
        assertThat(QuicConnectionIds.loop(datagram)).isEqualTo(258);
        assertThat(QuicConnectionIds.loop(datagram.setByte(0, 0xC0))).isNegative();
        assertThat(QuicConnectionIds.loop(io.netty.buffer.Unpooled.wrappedBuffer(Arrays.copyOf(packet, 8))))
                .isNegative();
    }
}
