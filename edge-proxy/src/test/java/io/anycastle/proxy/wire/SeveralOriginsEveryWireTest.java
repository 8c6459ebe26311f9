package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.origin.EjectionConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request that one of several origins lost goes to another, whatever the visitor speaks (RFC 9110 section 9.2.2). */
class SeveralOriginsEveryWireTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final EjectionConfig NEVER_OUT = new EjectionConfig(0, 0, LONG, LONG, 0, 80, LONG, 100);

    /** One whose origin at the second address stands in for the first. */
    private static Edge edge(TestCertificate certificate, RawOrigin first, ScriptedOrigin second) throws Exception {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "{\"origin_fallback\":{\"origin\":\"192.0.2.2\"}}", "+a.example.com A 192.0.2.1")
                .ejection(NEVER_OUT)
                .origin("192.0.2.1", first.port())
                .origin("192.0.2.2", second.port())
                .start();
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_body_that_an_origin_lost_reaches_the_next_one_whole(ClientWire wire) throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        try (TestCertificate certificate = TestCertificate.create("a.example.com");
                RawOrigin first = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.peer().exactly(3);
                    connection.socket().setSoLinger(true, 0);
                    connection.socket().close();
                    lost.countDown();
                });
                ScriptedOrigin second = new ScriptedOrigin();
                Edge edge = edge(certificate, first, second);
                Visit visit = wire.visit(edge)) {
            String path = second.on((peer, head) -> {
                String body = new String(peer.exactly(9), StandardCharsets.ISO_8859_1);
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" + body);
            });
            visit.ask("PUT", path, ClientWire.HOST, false, List.of("content-length: 9"));
            visit.send("abc".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(lost.await(20, TimeUnit.SECONDS)).isTrue();
            visit.send("def".getBytes(StandardCharsets.ISO_8859_1));
            visit.send("ghi".getBytes(StandardCharsets.ISO_8859_1));
            visit.end();
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(visit.rest().body()).isEqualTo("abcdefghi".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(edge.counters().of(Event.ORIGIN_FAILOVERS)).isEqualTo(1);
            assertThat(edge.counters().of(Event.ORIGIN_FALLBACKS)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_post_that_an_origin_lost_is_sent_nobody_else(ClientWire wire) throws Exception {
        try (TestCertificate certificate = TestCertificate.create("a.example.com");
                RawOrigin first = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.peer().exactly(3);
                    connection.socket().setSoLinger(true, 0);
                });
                ScriptedOrigin second = new ScriptedOrigin();
                Edge edge = edge(certificate, first, second);
                Visit visit = wire.visit(edge)) {
            visit.ask("POST", "/", ClientWire.HOST, false, List.of("content-length: 3"));
            visit.send("abc".getBytes(StandardCharsets.ISO_8859_1));
            visit.end();
            assertThat(visit.head().status()).isEqualTo(520);
            assertThat(second.unseen()).isZero();
        }
    }
}
