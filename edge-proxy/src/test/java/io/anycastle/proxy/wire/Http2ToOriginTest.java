package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.wire.Http2Origin.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A request that comes in TLS and goes to an origin of HTTP/2, through the whole edge. */
class Http2ToOriginTest {
    private static final int REFUSED_STREAM = 7;

    private static Edge edge(TestCertificate certificate, Http2Origin origin) throws Exception {
        return Edge.edge()
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
    }

    /** Length-prefixed messages both ways, a deadline, and the status in the trailers. */
    @Test
    void a_call_of_grpc_passes_with_its_deadline_and_its_status() throws Exception {
        CompletableFuture<Frame> head = new CompletableFuture<>();
        try (var certificate = TestCertificate.create("a.example.com");
                var origin = Http2Origin.tls(certificate, peer -> {
                    Frame call = peer.request();
                    head.complete(call);
                    peer.head(call.id(), false, ":status: 200", "content-type: application/grpc");
                    for (Frame frame = peer.next(); !frame.isEnd(); frame = peer.next()) {
                        peer.data(call.id(), frame.text(), false);
                    }
                    peer.head(call.id(), true, "grpc-status: 5", "grpc-message: not here");
                    peer.holdOpen();
                });
                var edge = edge(certificate, origin);
                var visit = ClientWire.HTTP_2_TLS.visit(edge)) {
            visit.ask(
                    "POST",
                    "/shop.Cart/Add",
                    ClientWire.HOST,
                    false,
                    List.of("te: trailers", "content-type: application/grpc", "grpc-timeout: 2S"));
            assertThat(visit.head().field("content-type")).isEqualTo("application/grpc");
            for (String message : List.of("one", "two")) {
                byte[] framed = ("\0\0\0\0\3" + message).getBytes(StandardCharsets.ISO_8859_1);
                visit.send(framed);
                assertThat(visit.body(framed.length)).isEqualTo(framed);
            }
            visit.end();
            assertThat(visit.rest().trailers()).containsExactly("grpc-status: 5", "grpc-message: not here");
            Frame call = head.get(20, TimeUnit.SECONDS);
            assertThat(call.field("te")).isEqualTo("trailers");
            assertThat(call.field("grpc-timeout")).isEqualTo("2S");
            assertThat(call.fields()).noneMatch(field -> field.startsWith("connection"));
        }
    }

    @Test
    void a_request_that_the_origin_refuses_unprocessed_is_sent_again_twice_at_most() throws Exception {
        try (var certificate = TestCertificate.create("a.example.com");
                var origin = Http2Origin.tls(certificate, peer -> {
                    int asked = 0;
                    while (true) {
                        Frame request = peer.request();
                        boolean isRefused =
                                asked++ < 2 || request.field(":path").equals("/never");
                        if (isRefused) {
                            peer.reset(request.id(), REFUSED_STREAM);
                        } else {
                            peer.answer(request.id(), "ok");
                        }
                    }
                });
                var edge = edge(certificate, origin);
                var visit = ClientWire.HTTP_1_TLS.visit(edge)) {
            visit.ask("POST", "/", ClientWire.HOST, true, List.of("Content-Length: 0"));
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(visit.rest().body()).asString().isEqualTo("ok");
            assertThat(edge.counters().of(Event.ORIGIN_REFUSALS)).isEqualTo(2);
            visit.ask("POST", "/never", ClientWire.HOST, true, List.of("Content-Length: 0"));
            assertThat(visit.head().status()).isEqualTo(520);
            assertThat(edge.counters().of(Event.ORIGIN_REFUSALS)).isEqualTo(4);
        }
    }

    @Test
    void a_malformed_answer_is_520_and_counted() throws Exception {
        try (var certificate = TestCertificate.create("a.example.com");
                var origin = Http2Origin.tls(certificate, peer -> {
                    peer.head(peer.request().id(), true, ":status: 200", "connection: close");
                    peer.answer(peer.request().id(), "ok");
                    peer.holdOpen();
                });
                var edge = edge(certificate, origin);
                var visit = ClientWire.HTTP_2_TLS.visit(edge)) {
            visit.get("/");
            assertThat(visit.head().status()).isEqualTo(520);
            visit.rest();
            visit.get("/");
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(edge.counters().of(Event.ORIGIN_ANSWERS_MALFORMED)).isEqualTo(1);
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    /** The origin's success of CONNECT is the switch that a visitor of HTTP/1.1 waits for, with the proof that it wants. */
    @Test
    void a_websocket_passes_where_the_origin_has_announced_that_it_takes_such() throws Exception {
        for (ClientWire wire : List.of(ClientWire.HTTP_1_TLS, ClientWire.HTTP_2_TLS)) {
            try (var certificate = TestCertificate.create("a.example.com");
                    var origin = Http2Origin.tls(
                            certificate,
                            peer -> {
                                peer.answer(peer.request().id(), "ok");
                                Frame open = peer.request();
                                peer.head(open.id(), false, ":status: 200");
                                for (Frame said = peer.next(); !said.isEnd(); said = peer.next()) {
                                    peer.data(open.id(), ">" + said.text(), false);
                                }
                                peer.data(open.id(), "bye", true);
                                peer.holdOpen();
                            },
                            Http2Origin.ENABLE_CONNECT_PROTOCOL,
                            1);
                    var edge = edge(certificate, origin);
                    var visit = wire.visit(edge)) {
                visit.get("/");
                visit.head();
                visit.rest();
                visit.askForWebSocket("/chat");
                Visit.Head head = visit.head();
                assertThat(head.status()).isEqualTo(wire.isMultiplexed() ? 200 : 101);
                assertThat(head.field("sec-websocket-accept").isEmpty()).isEqualTo(wire.isMultiplexed());
                visit.send("x".getBytes(StandardCharsets.US_ASCII));
                assertThat(visit.body(2)).asString().isEqualTo(">x");
                if (wire.isMultiplexed()) { // TLS ends both directions at once
                    visit.end();
                    assertThat(visit.rest().body()).asString().isEqualTo("bye");
                }
                assertThat(origin.connections()).isEqualTo(1);
            }
        }
    }

    /** Whatever the visitor speaks, and without TLS. */
    @Test
    void a_record_whose_scheme_is_h2c_is_asked_with_prior_knowledge() throws Exception {
        for (ClientWire wire : ClientWire.values()) {
            try (var certificate = TestCertificate.create("a.example.com");
                    var origin = new Http2Origin(peer -> {
                        Frame request = peer.request();
                        peer.answer(request.id(), request.field(":scheme") + " " + request.field(":authority"));
                        peer.holdOpen();
                    });
                    var edge = Edge.edge()
                            .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                            .here("192.0.2.1")
                            .site(
                                    "example.com",
                                    "+a.example.com A 192.0.2.1 {\"origin_scheme\":\"h2c\",\"origin_port\":"
                                            + origin.port() + ",\"origin_host\":\"app.internal\"}")
                            .start();
                    var visit = wire.visit(edge)) {
                visit.get("/");
                assertThat(visit.head().status()).isEqualTo(200);
                assertThat(visit.rest().body()).asString().isEqualTo("http app.internal");
            }
        }
    }
}
