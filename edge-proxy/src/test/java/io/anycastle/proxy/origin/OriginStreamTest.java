package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Await;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.Fields;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One exchange on a connection to an origin: what goes, what comes, in which order and how fast. */
@ParameterizedClass
@MethodSource("io.anycastle.proxy.origin.Transport#available")
class OriginStreamTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String HEARD = "answered HTTP/1.1 200 OK|Content-Length: 2| 2\nbody\nended\n";
    private static final int LARGE = 8 * 1024 * 1024;
    /** As much as the system keeps for a reader that does not read. */
    private static final int SOME = 48 * 1024;

    @Parameter
    private Transport transport;

    private LoopedPool pool() throws Exception {
        return new LoopedPool(transport, OriginConfig.DEFAULTS);
    }

    private static String octets(int count) {
        char[] octets = new char[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (char) ('a' + i % 23);
        }
        return new String(octets);
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    // ---- requests

    @Test
    void a_body_of_unknown_length_goes_in_chunks_and_trailers_behind_it() throws Exception {
        String large = octets(70_000);
        String chunks = "5\r\nhello\r\n11170\r\n" + large + "\r\na\r\n0123456789\r\n0\r\nX-Sum: 12345\r\n\r\n";
        CompletableFuture<String> head = new CompletableFuture<>();
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        try (var origin = new RawOrigin(connection -> {
                    head.complete(connection.readHead());
                    body.complete(connection.peer().exactly(chunks.length()));
                    connection.send(OK).holdOpen();
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.of("POST", "/").length(BodyLength.UNKNOWN));
            Await.until(asking::isConnected);
            Fields trailers = new Fields();
            trailers.add("X-Sum", "12345");
            pool.run(() -> asking.send("hello"));
            pool.run(() -> asking.send(""));
            pool.run(() -> {
                asking.send(large);
                asking.send("0123456789");
                asking.stream().endRequest(trailers);
                asking.stream().flush();
            });

            assertThat(asking.toEnd()).isEqualTo(HEARD);
            assertThat(head.get(20, TimeUnit.SECONDS)).endsWith("\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(Arrays.equals(body.get(20, TimeUnit.SECONDS), bytes(chunks)))
                    .isTrue();
        }
    }

    @Test
    void a_body_of_known_length_goes_as_it_is_and_the_connection_is_kept() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    while (true) {
                        connection.readHead();
                        assertThat(new String(connection.peer().exactly(10), StandardCharsets.ISO_8859_1))
                                .isEqualTo("helloworld");
                        connection.send(OK);
                    }
                });
                var pool = pool()) {
            for (int i = 0; i < 2; i++) {
                Asking asking = pool.ask(origin.port(), Asking.of("POST", "/").length(10));
                Await.until(asking::isConnected);
                pool.run(() -> asking.send("hello"));
                pool.run(() -> {
                    asking.send("world");
                    asking.stream().endRequest(null);
                });
                assertThat(asking.toEnd()).isEqualTo(HEARD);
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    /** Else the origin would take what follows for another request, or wait for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"four", "sixsix"})
    void a_body_that_is_not_as_long_as_was_told_ends_the_connection(String body) throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    try {
                        connection.peer().exactly(5);
                    } catch (EOFException e) {
                        ended.complete(true);
                    }
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.of("POST", "/").length(5));
            Await.until(asking::isConnected);
            pool.run(() -> {
                asking.send(body);
                asking.stream().endRequest(null);
            });

            assertThat(asking.toEnd()).isEqualTo("failed\n");
            assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void an_origin_that_does_not_read_is_not_writable_until_it_does() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    reads.await();
                    connection.peer().exactly(LARGE);
                    connection.send(OK).holdOpen();
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.of("POST", "/").length(LARGE));
            Await.until(asking::isConnected);
            String piece = octets(64 * 1024);
            AtomicLong sent = new AtomicLong();
            Runnable send = () -> {
                while (sent.get() < LARGE && asking.stream().isWritable()) {
                    asking.send(piece);
                    sent.addAndGet(piece.length());
                }
            };
            pool.run(send);
            int before = asking.writables();
            assertThat(sent.get()).isLessThan(LARGE);
            assertThat(pool.buffered()).isLessThan(1024 * 1024);
            reads.countDown();
            Await.until(() -> {
                try {
                    pool.run(send);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                return asking.isOver();
            });

            assertThat(asking.told()).isEqualTo(HEARD);
            assertThat(asking.writables()).isGreaterThan(before);
        }
    }

    // ---- answers

    @Test
    void an_answer_that_comes_octet_by_octet_is_the_same() throws Exception {
        String hints = "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n";
        String head = "HTTP/1.1 200 OK\r\nX : a\r\n b\r\nTransfer-Encoding: chunked\r\n\r\n";
        String body = "3\r\nabc\r\n2\r\nde\r\n0\r\nT: y\r\n\r\n";
        try (var origin = new RawOrigin(connection -> {
                    connection.socket().setTcpNoDelay(true);
                    connection.readHead();
                    for (byte octet : bytes(hints + head + body)) {
                        connection.peer().send(new byte[] {octet});
                    }
                    connection.holdOpen();
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.get("/"));

            assertThat(asking.toEnd()).isEqualTo("""
                            interim HTTP/1.1 103 Hints|Link: x|
                            answered HTTP/1.1 200 OK|X: a b|Transfer-Encoding: chunked| unknown
                            body
                            ended|T: y|
                            """);
            assertThat(asking.body()).asString().isEqualTo("abcde");
            assertThat(asking.readsCompleted()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200 OK, 7", "GET, 204 No Content, ''", "GET, 304 Not Modified, 9"})
    void an_answer_without_a_body_keeps_the_connection(String method, String status, String length) throws Exception {
        String head =
                "HTTP/1.1 " + status + "\r\n" + (length.isEmpty() ? "" : "Content-Length: " + length + "\r\n") + "\r\n";
        try (var origin = RawOrigin.answering(head);
                var pool = pool()) {
            for (int i = 0; i < 2; i++) {
                Asking asking = pool.ask(origin.port(), Asking.of(method, "/"));
                assertThat(asking.toEnd())
                        .startsWith("answered HTTP/1.1 " + status)
                        .endsWith(" none\nended\n");
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_answer_that_lasts_until_the_connection_ends_is_whole_at_a_polite_end() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\n\r\n").send("hello");
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.get("/"));

            assertThat(asking.toEnd()).isEqualTo("answered HTTP/1.1 200 OK unknown\nbody\nended\n");
            assertThat(asking.body()).asString().isEqualTo("hello");
        }
    }

    @Test
    void an_answer_that_lasts_until_the_connection_ends_is_not_whole_at_a_reset() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\n\r\n").send("hello");
                    heard.await();
                    connection.socket().setSoLinger(true, 0);
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.get("/"));
            Await.until(() -> asking.bodySize() == 5);
            heard.countDown();

            assertThat(asking.toEnd()).isEqualTo("answered HTTP/1.1 200 OK unknown\nbody\nfailed\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nConte",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
                "HTTP/1.1 103 Hints\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n"
            })
    void an_answer_that_does_not_come_whole_fails(String part) throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(part);
                });
                var pool = pool()) {
            assertThat(pool.ask(origin.port(), Asking.get("/")).toEnd()).endsWith("failed\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_origin_that_answers_by_the_head_and_ends_with_unread_data_is_heard(boolean isReset) throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        String refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 7\r\n\r\ntoo big";
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    answer.await();
                    connection.send(refusal);
                    if (isReset) {
                        connection.socket().setSoLinger(true, 0);
                    }
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.of("POST", "/").length(LARGE));
            Await.until(asking::isConnected);
            String piece = octets(64 * 1024);
            pool.run(() -> {
                while (asking.stream().isWritable()) {
                    asking.send(piece);
                }
            });
            answer.countDown();

            assertThat(asking.toEnd())
                    .isEqualTo("answered HTTP/1.1 413 Content Too Large|Content-Length: 7| 7\nbody\nended\n");
            assertThat(asking.body()).asString().isEqualTo("too big");
        }
    }

    /** The connection cannot be used again, since nobody sends the rest. */
    @Test
    void an_answer_before_the_request_has_gone_whole_is_the_connections_last() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(OK);
                    ended.complete(connection.peer().isClosedByPeer());
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.of("POST", "/").length(10));

            assertThat(asking.toEnd()).isEqualTo(HEARD);
            assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void who_pauses_stops_the_origin_and_gets_everything_later() throws Exception {
        AtomicLong written = new AtomicLong();
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + 4 * LARGE + "\r\n\r\n");
                    byte[] piece = new byte[64 * 1024];
                    while (written.addAndGet(piece.length) <= 4 * LARGE) {
                        connection.peer().send(piece);
                    }
                    connection.holdOpen();
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.get("/").paused());
            Await.standstill(written);

            assertThat(written.get()).isLessThan(4 * LARGE);
            assertThat(asking.bodySize()).isZero();
            assertThat(pool.buffered()).isLessThan(1024 * 1024);
            pool.run(() -> asking.stream().resume());
            assertThat(asking.toEnd()).endsWith("\nbody\nended\n");
            assertThat(asking.bodySize()).isEqualTo(4 * LARGE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 49152, false, ended",
        "Content-Length: 49152, true, ended",
        "X: y, false, ended",
        "X: y, true, failed",
        "Content-Length: 50000, false, failed",
        "Content-Length: 50000, true, failed"
    })
    void who_pauses_loses_nothing_when_the_origin_ends(String field, boolean isReset, String end) throws Exception {
        String body = octets(SOME);
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n");
                    answered.await();
                    connection.send(body);
                    connection.socket().setSoLinger(isReset, 0);
                    connection.socket().close();
                    gone.countDown();
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.get("/").paused());
            Await.until(asking::isAnswered);
            answered.countDown();
            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 3; i++) {
                pool.run(() -> {}); // what the event loop hears meanwhile, it must not tell
            }
            assertThat(asking.told()).doesNotContain("\nbody").doesNotContain("\n" + end);
            pool.run(() -> asking.stream().resume());

            assertThat(asking.toEnd()).endsWith("\nbody\n" + end + "\n");
            assertThat(asking.body()).isEqualTo(bytes(body));
        }
    }

    @Test
    void who_pauses_and_resumes_at_every_piece_gets_everything() throws Exception {
        String body = octets(LARGE);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int from = 0; from < LARGE; from += 4096) {
                        connection.send("1000\r\n" + body.substring(from, from + 4096) + "\r\n");
                    }
                    connection.send("0\r\n\r\n");
                });
                var pool = pool()) {
            Asking asking = Asking.get("/").whenBody(stutterer -> {
                stutterer.stream().pause();
                stutterer.stream().afterLook(() -> stutterer.stream().resume());
            });
            pool.request(LoopedPool.plain(origin.port()), asking);

            assertThat(asking.toEnd()).endsWith("\nbody\nended\n");
            assertThat(asking.body()).isEqualTo(bytes(body));
        }
    }

    @Test
    void nothing_is_heard_of_what_was_given_up() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(OK);
                    ended.complete(connection.peer().isClosedByPeer());
                });
                var pool = pool()) {
            Asking asking = Asking.get("/").whenAnswered(given -> given.stream().abandon());
            pool.request(LoopedPool.plain(origin.port()), asking);

            assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
            pool.run(() -> {});
            assertThat(asking.told()).isEqualTo("answered HTTP/1.1 200 OK|Content-Length: 2| 2\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_answer_is_a_connections_last_where_its_listener_wants_that(boolean isAbandoned) throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var pool = pool()) {
            Asking asking = Asking.get("/")
                    .whenAnswered(first -> first.stream().useLast())
                    .whenEnded(first -> {
                        if (isAbandoned) {
                            first.stream().abandon();
                        }
                    });
            pool.request(LoopedPool.plain(origin.port()), asking);
            assertThat(asking.toEnd()).isEqualTo(HEARD);

            Asking second = pool.ask(origin.port(), Asking.get("/"));
            assertThat(second.toEnd()).isEqualTo(HEARD);
            assertThat(second.isKept()).isFalse();
        }
    }

    @Test
    void a_listener_that_breaks_fails_its_exchange_alone() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var pool = pool()) {
            Asking broken = Asking.get("/").whenAnswered(asking -> {
                throw new IllegalStateException("broken");
            });
            pool.request(LoopedPool.plain(origin.port()), broken);
            assertThat(broken.toEnd()).endsWith("failed\n");

            assertThat(pool.ask(origin.port(), Asking.get("/")).toEnd()).isEqualTo(HEARD);
        }
    }

    // ---- tunnels

    private static RawOrigin switching(RawOrigin.Behaviour then) throws IOException {
        return new RawOrigin(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
            then.serve(connection);
        });
    }

    private static final String SWITCHED = "answered HTTP/1.1 101 Switching Protocols|Upgrade: x| tunnel\n";

    @Test
    void a_tunnel_carries_octets_both_ways_and_each_sides_end() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        try (var origin = switching(connection -> {
                    connection.send("first");
                    connection.send(new String(connection.peer().exactly(5), StandardCharsets.ISO_8859_1));
                    connection.socket().shutdownOutput();
                    heard.complete(new String(connection.peer().in().readAllBytes(), StandardCharsets.ISO_8859_1));
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.tunnel());
            Await.until(asking::isAnswered);
            pool.run(() -> asking.send("hello"));
            assertThat(asking.toEnd()).isEqualTo(SWITCHED + "body\nended\n");
            assertThat(asking.body()).asString().isEqualTo("firsthello");
            pool.run(() -> {
                asking.send("last ");
                asking.send("words");
                asking.stream().endRequest(null);
            });

            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("last words");
        }
    }

    @Test
    void a_tunnel_that_ends_towards_the_origin_first_hears_its_last_words() throws Exception {
        try (var origin = switching(connection -> {
                    byte[] said = connection.peer().in().readAllBytes();
                    connection.send("heard " + said.length);
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.tunnel());
            Await.until(asking::isAnswered);
            pool.run(() -> {
                asking.send(octets(LARGE));
                asking.stream().endRequest(null);
            });

            assertThat(asking.toEnd()).isEqualTo(SWITCHED + "body\nended\n");
            assertThat(asking.body()).asString().isEqualTo("heard " + LARGE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_tunnel_that_is_closed_gives_the_origin_all_that_is_queued(boolean hasOriginEnded) throws Exception {
        CompletableFuture<Integer> heard = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        try (var origin = switching(connection -> {
                    if (hasOriginEnded) {
                        connection.socket().shutdownOutput();
                    }
                    closed.await();
                    heard.complete(connection.peer().in().readAllBytes().length);
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.tunnel());
            Await.until(hasOriginEnded ? asking::isOver : asking::isAnswered);
            pool.run(() -> {
                asking.send(octets(LARGE));
                asking.stream().closeTunnel();
            });
            closed.countDown();

            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo(LARGE);
            assertThat(asking.told()).isEqualTo(SWITCHED + (hasOriginEnded ? "ended\n" : ""));
        }
    }

    @Test
    void a_tunnel_that_is_closed_waits_for_an_origin_that_takes_nothing_no_longer_than_the_write_timeout()
            throws Exception {
        try (var origin = switching(RawOrigin.Served::holdOpen);
                var pool = new LoopedPool(transport, LoopedPool.writeTimeout(Duration.ofMillis(300)))) {
            Asking asking = pool.ask(origin.port(), Asking.tunnel());
            Await.until(asking::isAnswered);
            pool.run(() -> {
                asking.stream().write(pool.zeros(2 * LARGE));
                asking.stream().closeTunnel();
            });
            assertThat(pool.buffered()).isPositive();

            Await.until(() -> pool.buffered() == 0);
        }
    }

    @Test
    void a_tunnel_whose_origin_resets_fails() throws Exception {
        CountDownLatch switched = new CountDownLatch(1);
        try (var origin = switching(connection -> {
                    switched.await();
                    connection.socket().setSoLinger(true, 0);
                });
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.tunnel());
            Await.until(asking::isAnswered);
            switched.countDown();

            assertThat(asking.toEnd()).isEqualTo(SWITCHED + "failed\n");
        }
    }

    @Test
    void a_paused_tunnel_loses_nothing_when_its_origin_ends() throws Exception {
        String said = octets(LARGE);
        try (var origin = switching(connection -> connection.send(said));
                var pool = pool()) {
            Asking asking = pool.ask(origin.port(), Asking.tunnel().paused());
            Await.until(asking::isAnswered);
            assertThat(asking.bodySize()).isZero();
            pool.run(() -> asking.stream().resume());

            assertThat(asking.toEnd()).isEqualTo(SWITCHED + "body\nended\n");
            assertThat(Arrays.equals(asking.body(), bytes(said))).isTrue();
        }
    }

    @Test
    void an_origin_that_does_not_switch_answers_and_keeps_its_connection() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var pool = pool()) {
            assertThat(pool.ask(origin.port(), Asking.tunnel()).toEnd()).isEqualTo(HEARD);
            Asking second = pool.ask(origin.port(), Asking.get("/"));
            assertThat(second.toEnd()).isEqualTo(HEARD);
            assertThat(second.isKept()).isTrue();
        }
    }
}
