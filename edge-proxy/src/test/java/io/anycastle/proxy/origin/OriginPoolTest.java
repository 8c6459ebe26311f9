package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Await;
import io.anycastle.proxy.DeadPort;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.reply.EdgeError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connection a request gets, and when connections end. */
@ParameterizedClass
@MethodSource("io.anycastle.proxy.origin.Transport#available")
class OriginPoolTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String HEARD = "answered HTTP/1.1 200 OK|Content-Length: 2| 2\nbody\nended\n";
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    @Parameter
    private Transport transport;

    private LoopedPool pool(OriginConfig config) throws Exception {
        return new LoopedPool(transport, config);
    }

    /** Answers each request with the connection's number, once the latch is open. */
    private static RawOrigin numbering(CountDownLatch open) throws IOException {
        return new RawOrigin(connection -> {
            while (true) {
                connection.readHead();
                open.await();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + connection.number());
            }
        });
    }

    private static RawOrigin numbering() throws IOException {
        return numbering(new CountDownLatch(0));
    }

    private static String body(Asking asking) {
        asking.toEnd();
        return new String(asking.body(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void a_request_goes_and_its_answer_comes() throws Exception {
        CompletableFuture<String> head = new CompletableFuture<>();
        try (var origin = new RawOrigin(connection -> {
                    head.complete(connection.readHead());
                    connection.send(OK).holdOpen();
                });
                var pool = pool(OriginConfig.DEFAULTS)) {
            Asking asking = pool.ask(origin.port(), Asking.get("/x?y"));

            assertThat(asking.toEnd()).isEqualTo(HEARD);
            assertThat(asking.body()).asString().isEqualTo("ok");
            assertThat(head.get(20, TimeUnit.SECONDS))
                    .isEqualTo("GET /x?y HTTP/1.1\r\nHost: a.example.com\r\nX-First: 1\r\nX-Second: 2\r\n\r\n");
        }
    }

    @Test
    void requests_that_follow_one_another_share_a_connection() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var pool = pool(OriginConfig.DEFAULTS)) {
            for (int i = 0; i < 3; i++) {
                Asking asking = pool.ask(origin.port(), Asking.get("/"));
                assertThat(asking.toEnd()).isEqualTo(HEARD);
                assertThat(asking.isKept()).isEqualTo(i > 0);
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_kept_connection_is_given_at_once() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var pool = pool(OriginConfig.DEFAULTS)) {
            pool.ask(origin.port(), Asking.get("/")).toEnd();
            Asking second = Asking.get("/");

            boolean isAtOnce = pool.call(() -> {
                pool.pool().request(LoopedPool.plain(origin.port()), second);
                return second.isConnected();
            });

            assertThat(isAtOnce).isTrue();
            assertThat(second.toEnd()).isEqualTo(HEARD);
        }
    }

    @Test
    void requests_at_the_same_time_have_connections_of_their_own_and_the_last_used_is_used_first() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    while (true) {
                        connection.readHead();
                        if (connection.number() == 1) {
                            second.await();
                        }
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + connection.number());
                    }
                });
                var pool = pool(OriginConfig.DEFAULTS)) {
            Asking slow = pool.ask(origin.port(), Asking.get("/"));
            Await.until(() -> origin.connections() == 1);
            assertThat(body(pool.ask(origin.port(), Asking.get("/")))).isEqualTo("2");
            second.countDown();
            assertThat(body(slow)).isEqualTo("1");

            assertThat(body(pool.ask(origin.port(), Asking.get("/")))).isEqualTo("1");
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void a_request_alone_has_a_new_connection_that_ends_with_it() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(OK);
                    if (connection.number() == 2 && connection.peer().isClosedByPeer()) {
                        ended.countDown();
                    }
                    connection.holdOpen();
                });
                var pool = pool(OriginConfig.DEFAULTS)) {
            pool.ask(origin.port(), Asking.get("/")).toEnd();
            Asking alone = Asking.get("/");
            pool.run(() -> pool.pool().requestAlone(LoopedPool.plain(origin.port()), false, alone));

            assertThat(alone.toEnd()).isEqualTo(HEARD);
            assertThat(alone.isKept()).isFalse();
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void a_request_too_many_waits_for_a_connection_and_one_beyond_the_queue_is_refused() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        try (var origin = numbering(open);
                var pool = pool(LoopedPool.limits(1, 1))) {
            Asking first = pool.ask(origin.port(), Asking.get("/"));
            Asking second = pool.ask(origin.port(), Asking.get("/"));
            Asking third = pool.ask(origin.port(), Asking.get("/"));

            assertThat(third.toEnd()).isEqualTo("not connected\n");
            assertThat(OriginFailure.whileConnecting(third.failure())).isEqualTo(EdgeError.TOO_BUSY);
            open.countDown();
            assertThat(body(first)).isEqualTo("1");
            assertThat(body(second)).isEqualTo("1");
            assertThat(second.isKept()).isTrue();
        }
    }

    @Test
    void who_waits_no_longer_leaves_its_place_in_the_queue() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        try (var origin = numbering(open);
                var pool = pool(LoopedPool.limits(1, 1))) {
            Asking first = pool.ask(origin.port(), Asking.get("/"));
            Asking second = pool.ask(origin.port(), Asking.get("/"));
            pool.run(() -> pool.pool().cancel(LoopedPool.plain(origin.port()), second));
            Asking third = pool.ask(origin.port(), Asking.get("/"));
            open.countDown();

            assertThat(body(first)).isEqualTo("1");
            assertThat(body(third)).isEqualTo("1");
            assertThat(second.told()).isEmpty();
            assertThat(second.isConnected()).isFalse();
        }
    }

    @Test
    void a_connection_that_nobody_waits_for_any_more_is_kept_for_the_next() throws Exception {
        try (var origin = numbering();
                var pool = pool(LoopedPool.limits(1, 1))) {
            Asking gone = Asking.get("/");
            Asking next = Asking.get("/");
            pool.run(() -> {
                OriginTarget target = LoopedPool.plain(origin.port());
                pool.pool().request(target, gone);
                pool.pool().cancel(target, gone);
                pool.pool().request(target, next);
            });

            assertThat(body(next)).isEqualTo("1");
            assertThat(gone.isConnected()).isFalse();
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    /** Each way in which an exchange ends with its connection. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: lenient\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n"
            })
    void a_connection_that_ends_gives_its_place_to_who_waits(String head) throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(head + connection.number());
                    connection.peer().isClosedByPeer();
                });
                var pool = pool(LoopedPool.limits(1, 2))) {
            Asking first = pool.ask(origin.port(), Asking.get("/"));
            Asking second = pool.ask(origin.port(), Asking.get("/"));
            first.toEnd();
            second.toEnd();

            assertThat(second.isKept()).isFalse();
            assertThat(origin.connections()).isEqualTo(2);
            if (head.contains("Length")) {
                assertThat(body(first) + body(second)).isEqualTo("12");
            }
        }
    }

    @Test
    void a_connection_that_is_given_up_gives_its_place_to_who_waits() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    if (connection.number() == 1) {
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                        connection.peer().isClosedByPeer();
                        ended.countDown();
                    }
                    connection.send(OK).holdOpen();
                });
                var pool = pool(LoopedPool.limits(1, 2))) {
            Asking first = pool.ask(origin.port(), Asking.get("/"));
            Asking second = pool.ask(origin.port(), Asking.get("/"));
            Await.until(() -> first.bodySize() == 4);
            pool.run(() -> first.stream().abandon());

            assertThat(second.toEnd()).isEqualTo(HEARD);
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(first.isOver()).isFalse();
        }
    }

    @Test
    void what_comes_behind_an_answer_answers_nobody_who_waits() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(connection.number() == 1 ? OK + OK.replace("ok", "no") : OK);
                    connection.holdOpen();
                });
                var pool = pool(LoopedPool.limits(1, 2))) {
            Asking first = pool.ask(origin.port(), Asking.get("/"));
            Asking second = pool.ask(origin.port(), Asking.get("/"));

            assertThat(body(first)).isEqualTo("ok");
            assertThat(body(second)).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_unused_connection_that_its_origin_ends_or_speaks_on_is_used_by_nobody(boolean isSpeaking) throws Exception {
        CountDownLatch unused = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(OK);
                    unused.await();
                    if (isSpeaking) {
                        connection.send("HTTP/1.1 408 Request Timeout\r\n\r\n");
                    } else {
                        connection.socket().shutdownOutput();
                    }
                    connection.peer().isClosedByPeer();
                    ended.countDown();
                });
                var pool = pool(OriginConfig.DEFAULTS)) {
            pool.ask(origin.port(), Asking.get("/")).toEnd();
            pool.run(() -> {});
            unused.countDown();
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(pool.ask(origin.port(), Asking.get("/")).toEnd()).isEqualTo(HEARD);
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void a_request_that_looks_first_hears_that_the_origin_has_closed_meanwhile() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch request = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send(OK);
                    request.await();
                    connection.socket().close();
                    closed.countDown();
                });
                var pool = pool(OriginConfig.DEFAULTS)) {
            pool.ask(origin.port(), Asking.get("/")).toEnd();
            StringBuilder looked = new StringBuilder();
            Asking second = Asking.of("POST", "/")
                    .whenConnected(asking -> asking.stream().afterLook(() -> looked.append(asking.told())));
            pool.run(() -> {
                request.countDown();
                await(closed); // while the event loop does nothing else
                pool.pool().request(LoopedPool.plain(origin.port()), second);
            });

            assertThat(second.toEnd()).isEqualTo("failed\n");
            assertThat(second.isKept()).isTrue();
            Await.until(() -> looked.length() > 0);
            assertThat(looked).hasToString("failed\n");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Keep-Alive: timeout=1\r\n"})
    void an_unused_connection_is_closed_in_time(String field) throws Exception {
        Duration keepAlive = field.isEmpty() ? SHORT : LONG;
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\n" + field + "Content-Length: 2\r\n\r\nok");
                    ended.complete(connection.peer().in().read() < 0);
                });
                var pool = pool(LoopedPool.times(LONG, keepAlive))) {
            pool.ask(origin.port(), Asking.get("/")).toEnd();

            assertThat(ended.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_connection_that_is_used_again_and_again_is_not_closed_for_its_age() throws Exception {
        try (var origin = numbering();
                var pool = pool(LoopedPool.times(LONG, SHORT))) {
            long end = System.nanoTime() + 3 * SHORT.toNanos();
            while (System.nanoTime() < end) {
                assertThat(body(pool.ask(origin.port(), Asking.get("/")))).isEqualTo("1");
            }
        }
    }

    @Test
    void a_pool_that_closes_fails_what_is_under_way_and_what_waits_and_takes_no_more() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    asked.countDown();
                    connection.holdOpen();
                });
                var pool = pool(LoopedPool.limits(1, 2))) {
            Asking first = pool.ask(origin.port(), Asking.get("/"));
            Asking second = pool.ask(origin.port(), Asking.get("/"));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            pool.run(() -> pool.pool().close());

            assertThat(first.toEnd()).isEqualTo("failed\n");
            assertThat(second.toEnd()).isEqualTo("not connected\n");
            assertThat(pool.ask(origin.port(), Asking.get("/")).toEnd()).isEqualTo("not connected\n");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_connection_of_ones_own_carries_its_owners_requests_in_their_order_and_nobody_elses() throws Exception {
        try (var origin = numbering();
                var pool = pool(OriginConfig.DEFAULTS)) {
            Asking first = Asking.get("/");
            Asking second = Asking.get("/");
            OwnedConnection own = pool.call(() -> pool.pool().own(LoopedPool.plain(origin.port()), null, () -> {}));
            pool.run(() -> {
                own.request(first);
                own.request(second);
            });
            assertThat(body(first)).isEqualTo("1");
            assertThat(body(second)).isEqualTo("1");
            assertThat(body(pool.ask(origin.port(), Asking.get("/")))).isEqualTo("2");
            Asking third = Asking.get("/");
            pool.run(() -> own.request(third));

            assertThat(body(third)).isEqualTo("1");
            assertThat(third.isKept()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "silence", "Connection: close", "Keep-Alive: timeout=1"})
    void an_owner_hears_once_of_its_connections_end(String how) throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        String field = how.contains(":") ? how + "\r\n" : "";
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\n" + field + "Content-Length: 2\r\n\r\nok");
                    answered.await();
                    if (how.equals("close")) {
                        connection.socket().close();
                    } else {
                        closed.complete(connection.peer().isClosedByPeer());
                    }
                });
                var pool = pool(OriginConfig.DEFAULTS)) {
            AtomicInteger ends = new AtomicInteger();
            Asking asking = Asking.get("/");
            OwnedConnection own =
                    pool.call(() -> pool.pool().own(LoopedPool.plain(origin.port()), null, ends::incrementAndGet));
            pool.run(() -> own.request(asking));
            assertThat(asking.toEnd()).contains("ended");
            answered.countDown();
            if (how.equals("silence")) {
                pool.run(own::close);
            }
            Await.until(() -> ends.get() > 0);
            Asking late = Asking.get("/");
            pool.run(() -> own.request(late));

            assertThat(late.toEnd()).isEqualTo("not connected\n");
            assertThat(own.isOpen()).isFalse();
            assertThat(ends).hasValue(1);
            assertThat(how.equals("close") || closed.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void connections_of_ones_own_have_a_limit_of_their_own_that_their_ends_make_room_in() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var pool = pool(LoopedPool.limits(1, 1))) {
            OriginTarget target = LoopedPool.plain(origin.port());
            OwnedConnection own = pool.call(() -> pool.pool().own(target, null, () -> {}));
            Asking first = Asking.get("/");
            pool.run(() -> own.request(first));
            assertThat(first.toEnd()).isEqualTo(HEARD);
            Asking refused = Asking.get("/");
            pool.run(() -> pool.pool().requestAlone(target, false, refused));
            assertThat(refused.toEnd()).isEqualTo("not connected\n");
            assertThat(OriginFailure.whileConnecting(refused.failure())).isEqualTo(EdgeError.TOO_BUSY);
            assertThat(pool.ask(origin.port(), Asking.get("/")).toEnd()).isEqualTo(HEARD);
            pool.run(own::close);
            Asking alone = Asking.get("/");
            pool.run(() -> pool.pool().requestAlone(target, false, alone));

            assertThat(alone.toEnd()).isEqualTo(HEARD);
        }
    }

    @Test
    void a_connection_of_ones_own_that_could_not_be_made_is_tried_again_with_the_next_request() throws Exception {
        int port;
        AtomicInteger ends = new AtomicInteger();
        try (var pool = pool(LoopedPool.limits(1, 1))) {
            OwnedConnection own;
            try (var dead = new DeadPort()) {
                port = dead.port();
                own = pool.call(() -> pool.pool().own(LoopedPool.plain(port), null, ends::incrementAndGet));
                Asking first = Asking.get("/");
                Asking second = Asking.get("/");
                pool.run(() -> {
                    own.request(first);
                    own.request(second);
                });
                assertThat(first.toEnd()).isEqualTo("not connected\n");
                assertThat(second.toEnd()).isEqualTo("not connected\n");
                assertThat(own.isOpen()).isTrue();
            }
            assertThat(ends).hasValue(0);
        }
    }
}
