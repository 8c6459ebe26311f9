package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.wire.Http3Client;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9114 section 5.2: how the proxy stops while clients speak HTTP/3. */
class Http3DrainTest {
    private static final String HOST = "a.example.com";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final long ID_MAX = (1L << 62) - 4;
    private static final int NO_ERROR = 0x100;
    private static final String REJECTED = "reset " + 0x10b;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private TestCertificate certificate;

    @BeforeEach
    void certify() throws Exception {
        certificate = TestCertificate.create(HOST);
    }

    @AfterEach
    void forget() throws Exception {
        certificate.close();
    }

    private Edge edge(RawOrigin origin) throws Exception {
        return Edge.edge()
                .tls(OriginTlsMode.FLEXIBLE)
                .listeners(certificate.listener())
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .start();
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

    private static void assertOk(Http3Client.Stream stream) throws IOException {
        assertThat(stream.next().fields()).contains(":status: 200");
        assertThat(stream.next().data()).isEqualTo("ok".getBytes(StandardCharsets.US_ASCII));
        assertThat(stream.next().isEnd()).isTrue();
    }

    @Test
    void after_the_first_goaway_requests_are_answered_and_after_the_second_none() throws Exception {
        try (var origin = slow();
                var edge = edge(origin);
                var client = new Http3Client(edge.port(), HOST)) {
            Http3Client.Stream slow = client.get(HOST, "/slow");
            asked.await();
            Future<Void> closing = edge.service().close(LONG);
            assertThat(client.goAway()).isEqualTo(ID_MAX);
            assertOk(client.get(HOST, "/"));
            assertThat(client.goAway()).isEqualTo(8);

            Http3Client.Stream late = client.get(HOST, "/late");
            assertThatThrownBy(late::next).hasMessage(REJECTED);
            assertThat(closing.isComplete()).isFalse();
            mayAnswer.countDown();
            assertOk(slow);
            assertThat(client.end()).isEqualTo(NO_ERROR);
            await(closing);
        }
    }

    @Test
    void a_connection_without_a_request_ends_soon_and_a_new_one_is_refused() throws Exception {
        try (var origin = slow();
                var edge = edge(origin);
                var busy = new Http3Client(edge.port(), HOST);
                var client = new Http3Client(edge.port(), HOST)) {
            Http3Client.Stream slow = busy.get(HOST, "/slow");
            asked.await();
            assertOk(client.get(HOST, "/"));
            Future<Void> closing = edge.service().close(LONG);
            assertThat(client.end()).isEqualTo(NO_ERROR);
            assertThatThrownBy(() -> new Http3Client(edge.port(), HOST, Duration.ofSeconds(1)))
                    .isInstanceOf(IOException.class);
            mayAnswer.countDown();
            assertOk(slow);
            await(closing);
        }
    }

    @Test
    void what_has_not_ended_in_time_is_cut() throws Exception {
        try (var origin = slow();
                var edge = edge(origin);
                var client = new Http3Client(edge.port(), HOST)) {
            client.get(HOST, "/slow");
            asked.await();
            await(edge.service().close(Duration.ofMillis(300)));
            client.end();
            Await.until(() -> edge.counters().connectionsOpen() == 0);
            mayAnswer.countDown();
        }
    }
}
