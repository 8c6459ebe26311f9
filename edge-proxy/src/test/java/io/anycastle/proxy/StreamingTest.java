package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.ClientLimits;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Bodies of any length, in both directions, no faster than the other side takes them. */
class StreamingTest {
    private static final long BIG = 256L * 1024 * 1024;
    /** Between what the client's connection holds while it does not read and what both connections do. */
    private static final int SOME = 5 * 1024 * 1024;

    private static final int LARGE = 8 * 1024 * 1024;
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] PIECE = new byte[64 * 1024];

    private static Edge edge(RawOrigin origin) {
        return Edge.edge().site("example.com", "+a.example.com A 192.0.2.1").origin("192.0.2.1", origin.port());
    }

    private static ClientLimits limits(Duration idle, Duration head, Duration body, Duration write) {
        return new ClientLimits(LONG, idle, head, body, write, LONG, 1000, 1000, 32, 64);
    }

    @Test
    void a_quarter_of_a_gigabyte_goes_up_and_down_in_bounded_memory() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + BIG + "\r\n\r\n");
                    InputStream in = connection.peer().in();
                    long left = BIG;
                    while (left > 0) {
                        byte[] piece = in.readNBytes((int) Math.min(PIECE.length, left));
                        connection.socket().getOutputStream().write(piece);
                        left -= piece.length;
                    }
                });
                var edge = edge(origin).start();
                var client = edge.client()) {
            client.send("POST /up HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: " + BIG + "\r\n\r\n");
            long before = usedMemory();
            var sending = CompletableFuture.runAsync(() -> sendAll(client, BIG));
            assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            byte[] buffer = new byte[256 * 1024];
            long got = 0;
            while (got < BIG) {
                int n = client.in().read(buffer);
                assertThat(n).isPositive();
                got += n;
            }
            sending.get(20, TimeUnit.SECONDS);

            assertThat(usedMemory() - before).isLessThan(64L * 1024 * 1024);
            assertThat(edge.counters().of(Event.BYTES_TO_CLIENTS)).isBetween(0L, BIG);
        }
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long direct = io.netty.util.internal.PlatformDependent.usedDirectMemory();
        return runtime.totalMemory() - runtime.freeMemory() + Math.max(0, direct);
    }

    private static void sendAll(RawClient client, long bytes) {
        try {
            for (long left = bytes; left > 0; left -= PIECE.length) {
                client.send(PIECE);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_client_that_does_not_read_stops_the_origin() throws Exception {
        AtomicLong written = new AtomicLong();
        try (var origin = flood(written);
                var edge = edge(origin).start();
                var client = edge.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
            assertThat(client.readHead()).contains("200");
            long stopped = Await.standstill(written);

            assertThat(stopped).isLessThan(32L * 1024 * 1024);
            client.exactly(16 * 1024 * 1024);
            Await.until(() -> written.get() > stopped);
        }
    }

    private static RawOrigin flood(AtomicLong written) throws IOException {
        return new RawOrigin(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + 4 * BIG + "\r\n\r\n");
            while (true) {
                connection.socket().getOutputStream().write(PIECE);
                written.addAndGet(PIECE.length);
            }
        });
    }

    @Test
    void an_answer_whose_origin_has_closed_comes_whole_to_a_client_that_reads_later() throws Exception {
        boolean isHeld = true;
        for (int size = SOME; size < LARGE && isHeld; size += PIECE.length) {
            byte[] sent = new byte[size];
            CountDownLatch closed = new CountDownLatch(1);
            try (var origin = new RawOrigin(connection -> {
                        connection.readHead();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + sent.length + "\r\n\r\n");
                        connection.peer().send(sent);
                        connection.socket().close();
                        closed.countDown();
                    });
                    var edge = edge(origin).start();
                    var client = edge.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
                // a kernel that holds less lets the origin close only once the client reads
                isHeld = closed.await(2, TimeUnit.SECONDS);

                assertThat(client.read().body()).hasSize(size);
            }
        }
    }

    @Test
    void an_origin_that_does_not_read_stops_the_client() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    Await.until(() -> sent.get() < 0);
                });
                var edge = edge(origin).start();
                var client = edge.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a.example.com\r\nTransfer-Encoding: chunked\r\n\r\n");
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.send("10000\r\n").send(PIECE).send("\r\n");
                        sent.addAndGet(PIECE.length);
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            assertThat(Await.standstill(sent)).isLessThan(32L * 1024 * 1024);
            sent.set(-1);
        }
    }

    @Test
    void a_client_that_leaves_cancels_the_request_at_the_origin() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    asked.countDown();
                    ended.complete(connection.peer().isClosedByPeer());
                });
                var edge = edge(origin).start()) {
            try (var client = edge.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
                assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
            Await.until(() -> edge.counters().of(Event.CLIENT_ABORTS) == 1);
        }
    }

    @Test
    void an_answer_that_breaks_off_resets_the_client() throws Exception {
        for (String framing : new String[] {
            "Content-Length: 100\r\n\r\nhalf",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"
        }) {
            try (var origin = new RawOrigin(connection -> {
                        connection.readHead();
                        connection.send("HTTP/1.1 200 OK\r\n" + framing);
                    });
                    var edge = edge(origin).start();
                    var client = edge.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");

                assertThatThrownBy(client::read).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void an_answer_that_breaks_off_does_not_look_whole_to_an_http_1_0_client() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                    connection.peer().in().read();
                });
                var edge = edge(origin).originTimes(LONG, LONG, SHORT, LONG).start();
                var client = edge.client()) {
            client.send("GET / HTTP/1.0\r\nHost: a.example.com\r\n\r\n");
            client.readHead();

            assertThatThrownBy(() -> client.in().readAllBytes())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void an_answer_without_a_length_ends_with_the_connection_and_is_chunked_to_the_client() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                });
                var edge = edge(origin).start();
                var client = edge.client()) {
            var answer = client.get("a.example.com", "/");

            assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(answer.text()).isEqualTo("until the end");
            assertThat(client.get("a.example.com", "/").status()).isEqualTo(200);
        }
    }

    @Test
    void chunks_go_up_and_come_back() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    String head = connection.readHead();
                    assertThat(head)
                            .containsIgnoringCase("transfer-encoding: chunked")
                            .doesNotContain("Content-Length");
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n");
                    String size = connection.peer().readLine();
                    while (!size.equals("0")) {
                        byte[] data = connection.peer().exactly(Integer.parseInt(size, 16));
                        connection.peer().readLine();
                        connection.send(size + "\r\n");
                        connection.peer().send(data).send("\r\n");
                        size = connection.peer().readLine();
                    }
                    connection.send("0\r\n\r\n");
                    connection.peer().in().read();
                });
                var edge = edge(origin).start();
                var client = edge.client()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: a.example.com\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Trailer: y\r\n\r\n");
            var answer = client.read();

            assertThat(answer.text()).isEqualTo("hello world");
            assertThat(answer.head()).doesNotContain("Trailer");
        }
    }

    @Test
    void head_204_and_304_have_no_body_and_keep_the_connection() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    while (true) {
                        String head = connection.readHead();
                        String answer = head.startsWith("HEAD")
                                ? "200 OK\r\nContent-Length: 1000\r\n"
                                : head.contains("/204")
                                        ? "204 No Content\r\n"
                                        : head.contains("/304")
                                                ? "304 Not Modified\r\nETag: \"x\"\r\n"
                                                : "200 OK\r\nContent-Length: 2\r\n";
                        connection.send("HTTP/1.1 " + answer + "\r\n" + (head.contains("/body") ? "ok" : ""));
                    }
                });
                var edge = edge(origin).start();
                var client = edge.client()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
            assertThat(client.read(true).header("Content-Length")).isEqualTo("1000");
            var noContent = client.get("a.example.com", "/204");
            assertThat(noContent.status()).isEqualTo(204);
            assertThat(noContent.head().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("transfer-encoding", "content-length");
            var notModified = client.get("a.example.com", "/304");
            assertThat(notModified.status()).isEqualTo(304);
            assertThat(notModified.header("ETag")).isEqualTo("\"x\"");
            assertThat(client.get("a.example.com", "/body").text()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_client_waits_for_100_and_the_origin_says_it() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    assertThat(connection.readHead()).containsIgnoringCase("expect: 100-continue");
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    byte[] body = connection.peer().exactly(4);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
                            + new String(body, java.nio.charset.StandardCharsets.US_ASCII));
                    connection.peer().in().read();
                });
                var edge = edge(origin).start();
                var client = edge.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a.example.com\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 100");
            client.send("body");
            assertThat(client.read().text()).isEqualTo("body");
        }
    }

    @Test
    void an_origin_that_declines_before_the_body_is_heard() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
                    connection.peer().in().read();
                });
                var edge = edge(origin).start();
                var client = edge.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a.example.com\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_client_that_stops_in_its_body_gets_408() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.peer().in().readAllBytes();
                });
                var edge = edge(origin).clients(limits(LONG, LONG, SHORT, LONG)).start();
                var client = edge.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 10\r\n\r\nhalf");
            assertThat(client.read().status()).isEqualTo(408);
        }
    }

    @Test
    void a_head_that_does_not_end_and_a_connection_that_says_nothing_are_closed() throws Exception {
        try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var edge =
                        edge(origin).clients(limits(SHORT, SHORT, LONG, LONG)).start();
                var slow = edge.client();
                var silent = edge.client()) {
            slow.send("GET / HTTP/1.1\r\nHost: a.exa");
            assertThat(slow.isClosedByPeer()).isTrue();
            assertThat(silent.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_client_that_takes_nothing_of_its_answer_is_cut_off_in_time() throws Exception {
        AtomicLong written = new AtomicLong();
        try (var origin = flood(written);
                var edge = edge(origin).clients(limits(LONG, LONG, LONG, SHORT)).start();
                var client = edge.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
            Await.until(() -> edge.counters().of(Event.ANSWERS_TRUNCATED) == 1);
            Await.until(() -> edge.counters().connectionsOpen() == 0);
        }
    }

    @Test
    void connections_beyond_the_limit_of_one_client_are_closed() throws Exception {
        try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var edge = edge(origin)
                        .clients(new ClientLimits(LONG, LONG, LONG, LONG, LONG, LONG, 100, 2, 32, 64))
                        .start();
                var one = edge.client();
                var two = edge.client()) {
            assertThat(one.get("a.example.com", "/").status()).isEqualTo(200);
            assertThat(two.get("a.example.com", "/").status()).isEqualTo(200);
            try (var three = edge.client()) {
                assertThat(three.isClosedByPeer()).isTrue();
            }
            one.socket().shutdownOutput();
            Await.until(() -> edge.counters().connectionsOpen() == 1);
            try (var four = edge.client()) {
                assertThat(four.get("a.example.com", "/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void connections_to_the_origin_are_kept() throws Exception {
        try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                var edge = edge(origin).start()) {
            for (int i = 0; i < 5; i++) {
                try (var client = edge.client()) {
                    assertThat(client.get("a.example.com", "/").status()).isEqualTo(200);
                }
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_websocket_carries_bytes_both_ways_after_101() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    String head = connection.readHead();
                    assertThat(head)
                            .contains("Sec-WebSocket-Key: k")
                            .containsIgnoringCase("upgrade: websocket")
                            .contains("CF-Ray");
                    connection.send(
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: a\r\n\r\nhello");
                    while (true) {
                        connection.send(">" + (char) connection.peer().in().read());
                    }
                });
                var edge = edge(origin).start();
                var client = edge.client()) {
            client.send(
                    "GET /ws HTTP/1.1\r\nHost: a.example.com\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n");
            String head = client.readHead();
            assertThat(head)
                    .startsWith("HTTP/1.1 101")
                    .contains("Sec-WebSocket-Accept: a")
                    .contains("CF-Ray");
            assertThat(new String(client.exactly(5), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
            client.send("x");
            assertThat(new String(client.exactly(2), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo(">x");
            client.send("y");
            assertThat(new String(client.exactly(2), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo(">y");
        }
    }

    @Test
    void an_origin_that_does_not_switch_answers_as_usual() throws Exception {
        try (var origin = RawOrigin.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                var edge = edge(origin).start();
                var client = edge.client()) {
            for (int i = 0; i < 2; i++) {
                client.send(
                        "GET /ws HTTP/1.1\r\nHost: a.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                var answer = client.read();
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.text()).isEqualTo("no");
            }
        }
    }

    @Test
    void an_upgrade_to_anything_else_is_not_passed_on() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    String head = connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
                            + (head.toLowerCase(java.util.Locale.ROOT).contains("upgrade") ? "u" : "-"));
                });
                var edge = edge(origin).start();
                var client = edge.client()) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: a.example.com\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("-");
        }
    }
}
