package io.anycastle.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.ViaMode;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ListenerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The configuration changes while connections stand, whatever they speak. */
class ReloadEveryWireTest {
    private static TestCertificate certificate;
    private static ScriptedOrigin origin;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create(ClientWire.HOST);
        origin = new ScriptedOrigin();
    }

    @AfterAll
    static void stop() throws Exception {
        origin.close();
        certificate.close();
    }

    private static Edge edge() {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(ListenerConfig.plain("127.0.0.1", 0), certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port());
    }

    private static void reload(Edge edge) throws Exception {
        edge.service().change(edge.config()).await(20, TimeUnit.SECONDS);
    }

    private static int post(Visit visit, String body) throws IOException {
        visit.ask("POST", "/", ClientWire.HOST, false, List.of("Content-Length: " + body.length()));
        visit.send(body.getBytes(StandardCharsets.US_ASCII));
        visit.end();
        int status = visit.head().status();
        visit.rest();
        return status;
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_limit_holds_for_the_next_request_of_a_connection_that_stands(ClientWire wire) throws Exception {
        try (Edge edge = edge().start();
                Visit visit = wire.visit(edge)) {
            visit.get("/");
            assertThat(visit.head().status()).isEqualTo(200);
            visit.rest();
            String via = origin.on((peer, head) -> peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Via: "
                    + head.lines().filter(line -> line.startsWith("Via")).count() + "\r\n\r\n"));
            edge.via(ViaMode.REQUEST);
            reload(edge);
            visit.get(via);
            assertThat(visit.head().field("x-via")).isEqualTo("1");
            visit.rest();
            edge.requestBytesMax(5);
            reload(edge);
            assertThat(post(visit, "0123456789")).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_request_under_way_and_a_websocket_go_on(ClientWire wire) throws Exception {
        CountDownLatch reloaded = new CountDownLatch(1);
        String slow = origin.on((peer, head) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
            reloaded.await(20, TimeUnit.SECONDS);
            peer.send("56789");
        });
        try (Edge edge = edge().start();
                Visit visit = wire.visit(edge)) {
            visit.get(slow);
            assertThat(visit.head().status()).isEqualTo(200);
            assertThat(visit.body(5)).asString(StandardCharsets.US_ASCII).isEqualTo("01234");
            reload(edge);
            reload(edge);
            reloaded.countDown();
            assertThat(visit.rest().body()).asString(StandardCharsets.US_ASCII).isEqualTo("56789");
            visit.get("/");
            assertThat(visit.head().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void a_deadline_holds_for_connections_that_stand(ClientWire wire) throws Exception {
        Duration lasting = Duration.ofMinutes(2);
        Duration brief = Duration.ofMillis(300);
        try (Edge edge = edge().start();
                Visit visit = wire.visit(edge)) {
            visit.get("/");
            assertThat(visit.head().status()).isEqualTo(200);
            visit.rest();
            assertThat(edge.counters().connectionsOpen()).isEqualTo(1);
            edge.clients(new ClientLimits(lasting, brief, lasting, lasting, lasting, brief, 100, 100, 32, 56));
            reload(edge);
            Await.until(() -> edge.counters().connectionsOpen() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(ClientWire.class)
    void no_request_fails_while_the_configuration_changes_again_and_again(ClientWire wire) throws Exception {
        try (Edge edge = edge().threads(2).start()) {
            AtomicBoolean isOver = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            AtomicReference<Throwable> failed = new AtomicReference<>();
            List<Thread> visitors = List.of(
                    Thread.ofVirtual().start(() -> load(wire, edge, isOver, answered, failed)),
                    Thread.ofVirtual().start(() -> load(wire, edge, isOver, answered, failed)));
            for (int i = 0; i < 20; i++) {
                int before = answered.get();
                reload(edge.requestBytesMax(1_000_000 + i));
                Await.until(() -> answered.get() > before + 5 || failed.get() != null);
            }
            isOver.set(true);
            for (Thread visitor : visitors) {
                visitor.join();
            }
            assertThat(failed.get()).isNull();
            assertThat(edge.counters().of(Event.CONNECTIONS))
                    .describedAs("all on kept connections")
                    .isEqualTo(2);
            assertThat(edge.counters().of(Event.CLIENT_ABORTS)).isZero();
        }
    }

    private static void load(
            ClientWire wire,
            Edge edge,
            AtomicBoolean isOver,
            AtomicInteger answered,
            AtomicReference<Throwable> failed) {
        try (Visit visit = wire.visit(edge)) {
            while (!isOver.get()) {
                visit.get("/");
                assertThat(visit.head().status()).isEqualTo(200);
                assertThat(visit.rest().body()).hasSize(2);
                answered.incrementAndGet();
            }
        } catch (Exception | AssertionError e) {
            failed.compareAndSet(null, e);
        }
    }
}
