package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ListenerConfig;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How WebSockets end when the node stops: by the closing handshake, with 1001 (RFC 6455 sections 7.1.2 and 7.4.1). */
class WebSocketDrainTest {
    private static final String SWITCHED = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Accept: ";
    private static final String GOES = "880203e9";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(9);
    private static final Duration SHORT = Duration.ofMillis(400);

    private final CountDownLatch isDraining = new CountDownLatch(1);
    private final CompletableFuture<String> heard = new CompletableFuture<>();
    private TestCertificate certificate;
    private ScriptedOrigin origin;
    private Edge edge;

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.create("a.example.com");
        origin = new ScriptedOrigin();
        edge = Edge.edge()
                .threads(1)
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        isDraining.countDown();
        edge.close();
        origin.close();
        certificate.close();
    }

    private String webSocket(ScriptedOrigin.Script then) {
        return origin.on((peer, head) -> {
            peer.send(SWITCHED + WebSocketsEveryWireTest.accept(head) + "\r\n\r\n");
            then.play(peer, head);
        });
    }

    private static byte[] octets(String hex) {
        return ByteBufUtil.decodeHexDump(hex);
    }

    private static String hex(byte[] octets) {
        return ByteBufUtil.hexDump(octets);
    }

    private Visit open(ClientWire wire, String path) throws Exception {
        Visit visit = wire.visit(edge);
        visit.askForWebSocket(path);
        assertThat(visit.head().status()).isEqualTo(wire.isMultiplexed() ? 200 : 101);
        return visit;
    }

    /** Stops the edge, and waits until it has come to those WebSockets that stand. */
    private Future<Void> drain(ClientWire wire) throws Exception {
        try (Visit idle = open(wire, webSocket((peer, head) -> peer.isClosedByPeer()))) {
            Future<Void> closing = edge.service().close(GRACE);
            assertThat(hex(idle.body(4))).isEqualTo(GOES);
            return closing;
        }
    }

    private static void await(Future<Void> closing) throws Exception {
        closing.toCompletionStage().toCompletableFuture().get(GRACE.toSeconds() / 2, TimeUnit.SECONDS);
    }

    private String allThatIsHeard() throws Exception {
        return heard.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private void hear(RawClient peer) throws IOException {
        heard.complete(hex(peer.in().readAllBytes()));
        peer.close();
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_message_under_way_comes_whole_and_then_both_sides_hear_that_the_server_goes(ClientWire wire)
            throws Exception {
        String path = webSocket((peer, head) -> {
            peer.send(octets("0103616263")).send(octets("80056465"));
            isDraining.await();
            peer.send(octets("666768" + "8101ff"));
            hear(peer);
        });
        String rest = "8300000000616263" + "888200000000" + "03e9";
        Future<Void> closing;
        try (Visit visit = open(wire, path)) {
            assertThat(hex(visit.body(9))).isEqualTo("010361626380056465");
            visit.send(octets("81")); // of a message of the visitor's
            closing = drain(wire);
            isDraining.countDown();
            assertThat(hex(visit.body(7))).isEqualTo("666768" + GOES);
            assertThat(closing.isComplete()).isFalse();
            visit.send(octets(rest));
            assertThat(visit.rest().body()).isEmpty();
        }
        assertThat(allThatIsHeard()).isEqualTo("81" + rest);
        await(closing);
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_origin_hears_it_from_the_edge_where_the_visitor_does_not_answer(ClientWire wire) throws Exception {
        String path = webSocket((peer, head) -> hear(peer));
        try (Visit visit = open(wire, path)) {
            Future<Void> closing = edge.service().close(SHORT);
            assertThat(hex(visit.body(4))).isEqualTo(GOES);
            await(closing);
            byte[] said = octets(allThatIsHeard());
            assertThat(hex(said)).startsWith("8882").hasSize(16);
            assertThat((said[6] ^ said[2]) & 0xff).isEqualTo(0x03);
            assertThat((said[7] ^ said[3]) & 0xff).isEqualTo(0xe9);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_visitor_that_leaves_without_an_answer_has_the_origin_told_by_the_edge(ClientWire wire) throws Exception {
        String path = webSocket((peer, head) -> hear(peer));
        Future<Void> closing;
        try (Visit visit = open(wire, path)) {
            closing = drain(wire);
            visit.giveUp();
            assertThat(allThatIsHeard()).startsWith("8882").hasSize(16);
        }
        await(closing);
    }

    /** A visitor of HTTP/3 whose connection is cut learns that by its own patience. */
    @ParameterizedTest
    @EnumSource(value = ClientWire.class, mode = EnumSource.Mode.EXCLUDE, names = "HTTP_3")
    void a_message_that_does_not_end_is_cut_with_the_time(ClientWire wire) throws Exception {
        String path = webSocket((peer, head) -> {
            peer.send(octets("8105616263"));
            hear(peer);
        });
        try (Visit visit = open(wire, path)) {
            assertThat(hex(visit.body(5))).isEqualTo("8105616263");
            await(edge.service().close(SHORT));
            assertThatThrownBy(() -> visit.body(1)).isInstanceOf(IOException.class);
            assertThat(allThatIsHeard()).startsWith("8882").hasSize(16);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_handshake_that_is_under_way_is_left_to_the_two(ClientWire wire) throws Exception {
        String answer = "888200000000" + "03e8";
        String path = webSocket((peer, head) -> {
            peer.send(octets("880203e8"));
            hear(peer);
        });
        Future<Void> closing;
        try (Visit visit = open(wire, path)) {
            assertThat(hex(visit.body(4))).isEqualTo("880203e8");
            closing = drain(wire);
            visit.send(octets(answer));
            visit.end();
            assertThat(visit.rest().body()).isEmpty();
        }
        assertThat(allThatIsHeard()).isEqualTo(answer);
        await(closing);
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_websocket_that_is_opened_too_late_ends_at_once(ClientWire wire) throws Exception {
        CountDownLatch isAsked = new CountDownLatch(1);
        String path = origin.on((peer, head) -> {
            isAsked.countDown();
            isDraining.await();
            peer.send(SWITCHED + WebSocketsEveryWireTest.accept(head) + "\r\n\r\n");
            hear(peer);
        });
        Future<Void> closing;
        try (Visit visit = wire.visit(edge)) {
            visit.askForWebSocket(path);
            isAsked.await();
            closing = drain(wire);
            isDraining.countDown();
            visit.head();
            assertThat(hex(visit.body(4))).isEqualTo(GOES);
            visit.giveUp();
            assertThat(allThatIsHeard()).startsWith("8882").hasSize(16);
        }
        await(closing);
    }
}
