package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.RawClient.Answer;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the proxy stops while it works. */
class DrainTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    private static Edge edge(RawOrigin origin) throws Exception {
        return Edge.edge()
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
    }

    private RawOrigin slow(String before, String after) throws Exception {
        return new RawOrigin(connection -> {
            connection.readHead();
            connection.send(before);
            asked.countDown();
            mayAnswer.await();
            connection.send(after);
            connection.holdOpen();
        });
    }

    private static void await(Future<Void> closing) throws Exception {
        closing.toCompletionStage().toCompletableFuture().get(LONG.toSeconds() / 2, TimeUnit.SECONDS);
    }

    private static boolean isRefused(int port) {
        try (Socket tried = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !tried.isConnected();
        } catch (java.io.IOException e) {
            return true;
        }
    }

    @Test
    void a_request_in_flight_is_answered_whole_and_its_connection_ends() throws Exception {
        try (var origin = slow("", OK);
                var edge = edge(origin);
                var busy = edge.client()) {
            int port = edge.port();
            busy.send(GET);
            asked.await();
            Future<Void> closing = edge.service().close(LONG);
            Await.until(() -> isRefused(port));
            assertThat(closing.isComplete()).isFalse();
            mayAnswer.countDown();
            Answer answer = busy.read();
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(busy.isClosedByPeer()).isTrue();
            await(closing);
        }
    }

    @Test
    void an_answer_that_has_begun_comes_to_its_end() throws Exception {
        try (var origin = slow("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst", "third");
                var edge = edge(origin);
                var busy = edge.client()) {
            busy.send(GET);
            String head = busy.readHead();
            assertThat(head).contains("200 OK");
            assertThat(new String(busy.exactly(5), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("first");
            Future<Void> closing = edge.service().close(LONG);
            mayAnswer.countDown();
            assertThat(new String(busy.exactly(5), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("third");
            assertThat(busy.isClosedByPeer()).isTrue();
            await(closing);
        }
    }

    @Test
    void an_idle_connection_ends_at_once_and_nobody_waits_for_it() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = edge(origin);
                var kept = edge.client();
                var silent = edge.client()) {
            assertThat(kept.get("a.example.com", "/").text()).isEqualTo("ok");
            Await.until(() -> edge.counters().connectionsOpen() == 2);
            await(edge.service().close(LONG));
            assertThat(kept.isClosedByPeer()).isTrue();
            assertThat(silent.isClosedByPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 300})
    void what_has_not_ended_in_time_is_cut(long graceMs) throws Exception {
        try (var origin = slow("", OK);
                var edge = edge(origin);
                var busy = edge.client()) {
            busy.send(GET);
            asked.await();
            await(edge.service().close(Duration.ofMillis(graceMs)));
            assertThat(busy.isClosedByPeer()).isTrue();
            assertThat(edge.counters().connectionsOpen()).isZero();
            mayAnswer.countDown();
        }
    }
}
