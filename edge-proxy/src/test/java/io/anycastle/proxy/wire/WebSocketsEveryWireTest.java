package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ListenerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets, whatever the visitor speaks: each case runs over each wire (RFC 6455, RFC 8441, RFC 9220). */
class WebSocketsEveryWireTest {
    private static final int LARGE = 8 * 1024 * 1024;

    private static TestCertificate certificate;
    private static ScriptedOrigin origin;
    private static Edge edge;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create("a.example.com");
        origin = new ScriptedOrigin();
        edge = Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
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

    @BeforeEach
    void forget() {
        origin.forget();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** An origin that switches, if the key is one, and then does as it is told. */
    private static String webSocket(ScriptedOrigin.Script then) {
        return origin.on((peer, head) -> {
            assertThat(head).containsIgnoringCase("connection: upgrade").containsIgnoringCase("upgrade: websocket");
            peer.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: " + accept(head) + "\r\n\r\n");
            then.play(peer, head);
        });
    }

    static String accept(String head) throws Exception {
        String key = head.replaceAll("(?is).*sec-websocket-key: ([^\r]*).*", "$1");
        assertThat(Base64.getDecoder().decode(key)).hasSize(16);
        byte[] digest = MessageDigest.getInstance("SHA-1").digest(octets(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
        return Base64.getEncoder().encodeToString(digest);
    }

    private static void openWebSocket(ClientWire wire, Visit visit, String path) throws IOException {
        visit.askForWebSocket(path);
        Visit.Head head = visit.head();
        assertThat(head.status()).isEqualTo(wire.isMultiplexed() ? 200 : 101);
        assertThat(head.field("sec-websocket-accept").isEmpty()).isEqualTo(wire.isMultiplexed());
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_websocket_carries_octets_both_ways(ClientWire wire) throws Exception {
        String path = webSocket((peer, head) -> {
            while (true) {
                peer.send(">" + (char) peer.in().read());
            }
        });
        try (Visit visit = wire.visit(edge)) {
            openWebSocket(wire, visit, path);
            for (String word : List.of("x", "y")) {
                visit.send(octets(word));
                assertThat(visit.body(2)).asString().isEqualTo(">" + word);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_websocket_loses_nothing_when_the_origin_closes_first(ClientWire wire) throws Exception {
        String path = webSocket((peer, head) -> {
            peer.send(new byte[LARGE]);
            peer.close();
        });
        try (Visit visit = wire.visit(edge)) {
            openWebSocket(wire, visit, path);
            assertThat(visit.rest().body()).hasSize(LARGE);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_websocket_loses_nothing_when_the_visitor_ends_first(ClientWire wire) throws Exception {
        CompletableFuture<Integer> heard = new CompletableFuture<>();
        String path = webSocket((peer, head) -> {
            heard.complete(peer.in().readAllBytes().length);
            peer.send("bye");
            peer.close();
        });
        try (Visit visit = wire.visit(edge)) {
            openWebSocket(wire, visit, path);
            visit.send(new byte[LARGE]);
            visit.end();
            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo(LARGE);
            if (!wire.isTls() || wire.isMultiplexed()) { // TLS ends both directions at once
                assertThat(visit.rest().body()).asString().isEqualTo("bye");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_websocket_ends_with_either_side(ClientWire wire) throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        String waits = webSocket((peer, head) -> ended.complete(peer.isClosedByPeer()));
        String resets = webSocket((peer, head) -> {
            peer.socket().setSoLinger(true, 0);
            peer.close();
        });
        try (Visit visit = wire.visit(edge)) {
            openWebSocket(wire, visit, waits);
            visit.giveUp();
            assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
        }
        try (Visit visit = wire.visit(edge)) {
            openWebSocket(wire, visit, resets);
            assertThatThrownBy(() -> visit.body(1)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void an_origin_that_does_not_switch_answers_as_usual(ClientWire wire) throws Exception {
        String path = origin.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        try (Visit visit = wire.visit(edge)) {
            for (int i = 0; i < 2; i++) {
                visit.askForWebSocket(path);
                assertThat(visit.head().status()).isEqualTo(403);
                assertThat(visit.rest().body()).asString().isEqualTo("no");
                assertThat(!(visit instanceof Http2Visit own) || own.isLetGo()).isTrue();
            }
        }
    }

    /** In HTTP/1.1 it would be the next request. */
    @ParameterizedTest
    @EnumSource(
            value = ClientWire.class,
            names = {"HTTP_2", "HTTP_2_TLS", "HTTP_3"})
    void what_the_visitor_says_before_the_origin_has_switched_is_no_part_of_its_head(ClientWire wire) throws Exception {
        CompletableFuture<String> early = new CompletableFuture<>();
        String path = origin.on((peer, head) -> {
            early.complete(peer.hasMore() ? "more" : "");
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        try (Visit visit = wire.visit(edge)) {
            visit.askForWebSocket(path);
            visit.send(octets("GET /evil HTTP/1.1\r\nHost: a.example.com\r\n\r\n"));
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(early.get(20, TimeUnit.SECONDS)).isEmpty();
        }
        assertThat(origin.nextHead().getFirst()).startsWith("GET " + path);
    }

    @ParameterizedTest
    @EnumSource(
            value = ClientWire.class,
            names = {"HTTP_2", "HTTP_2_TLS", "HTTP_3"})
    void an_origin_that_does_not_prove_that_it_speaks_websocket_is_520(ClientWire wire) throws Exception {
        String switched = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
        for (String line : List.of("", "Sec-WebSocket-Accept: AAAA\r\n")) {
            String path = origin.answering(switched + line + "\r\n");
            try (Visit visit = wire.visit(edge)) {
                visit.askForWebSocket(path);
                assertThat(visit.head().status()).isEqualTo(520);
            }
        }
    }
}
