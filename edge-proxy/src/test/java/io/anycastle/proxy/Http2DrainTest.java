package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.wire.Http2Client;
import io.anycastle.proxy.wire.Http2Client.Said;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** RFC 9113 section 6.8: how the proxy stops while clients speak HTTP/2. */
class Http2DrainTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    private static Edge edge(RawOrigin origin) throws Exception {
        return Edge.edge()
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
    }

    private static Http2Client client(Edge edge) throws Exception {
        return new Http2Client(new Socket(InetAddress.getLoopbackAddress(), edge.port()));
    }

    private RawOrigin slow() throws Exception {
        return new RawOrigin(connection -> {
            while (true) {
                if (connection.readHead().contains("/slow")) {
                    asked.countDown();
                    mayAnswer.await();
                }
                connection.send(OK);
            }
        });
    }

    private static void await(Future<Void> closing) throws Exception {
        closing.toCompletionStage().toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertOk(Http2Client.Stream stream) throws Exception {
        assertThat(stream.next().fields()).contains(":status: 200");
        assertThat(stream.next().text()).isEqualTo("ok");
    }

    @Test
    void after_the_first_goaway_requests_are_answered_and_after_the_second_none() throws Exception {
        try (var origin = slow();
                var edge = edge(origin);
                var client = client(edge)) {
            Http2Client.Stream slow = client.get("/slow");
            asked.await();
            Future<Void> closing = edge.service().close(LONG);
            Said first = client.await(Http2Client.GOAWAY);
            assertThat(first.fields()).containsExactly("last: " + Integer.MAX_VALUE);
            assertThat(first.code()).isZero();

            Http2Client.Stream between = client.get("/");
            assertOk(between);
            Said second = client.await(Http2Client.GOAWAY);
            assertThat(second.fields()).containsExactly("last: " + between.id());
            assertThat(second.code()).isZero();

            client.get("/late");
            assertThat(closing.isComplete()).isFalse();
            mayAnswer.countDown();
            assertOk(slow);
            assertThat(client.awaitEnd()).isEmpty();
            client.socket().close();
            await(closing);
        }
    }

    @Test
    void a_connection_without_a_request_ends_at_once() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = edge(origin);
                var client = client(edge)) {
            assertOk(client.get("/"));
            Future<Void> closing = edge.service().close(LONG);
            List<Said> goAways = client.awaitEnd();
            client.socket().close();
            assertThat(goAways).extracting(Said::code).containsExactly(0L, 0L);
            await(closing);
        }
    }

    @Test
    void what_has_not_ended_in_time_is_cut() throws Exception {
        try (var origin = slow();
                var edge = edge(origin);
                var client = client(edge)) {
            client.get("/slow");
            asked.await();
            await(edge.service().close(Duration.ofMillis(300)));
            client.awaitEnd();
            assertThat(edge.counters().connectionsOpen()).isZero();
            mayAnswer.countDown();
        }
    }
}
