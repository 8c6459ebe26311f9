package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Await;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.wire.Http2Origin;
import io.anycastle.proxy.wire.Http2Origin.Frame;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections to an origin of HTTP/2 there are, and which request gets which. */
@ParameterizedClass
@MethodSource("io.anycastle.proxy.origin.Transport#available")
class Http2OriginPoolTest {
    private static final String HEARD = "answered HTTP/2 200 |content-length: 2| 2\nbody\nended\n";
    private static final String HEARD_OF_HTTP_1 = "answered HTTP/1.1 200 OK|Content-Length: 2| 2\nbody\nended\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int REFUSED_STREAM = 7;
    private static final int HTTP_1_1_REQUIRED = 13;

    @Parameter
    private Transport transport;

    private LoopedPool pool() throws Exception {
        return new LoopedPool(transport, OriginConfig.DEFAULTS);
    }

    private static OriginTarget h2c(Http2Origin origin) {
        return OriginTarget.h2c(InetAddress.getLoopbackAddress(), origin.port());
    }

    private static List<Asking> askMany(LoopedPool pool, OriginTarget target, int count) throws Exception {
        List<Asking> all = new ArrayList<>();
        pool.run(() -> {
            for (int i = 0; i < count; i++) {
                Asking asking = Asking.get("/" + i);
                all.add(asking);
                pool.pool().request(target, asking);
            }
        });
        return all;
    }

    /** Reads so many requests, then answers them. */
    private static void answerTogether(Http2Origin.Peer peer, int count) throws Exception {
        List<Frame> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(peer.request());
        }
        for (Frame each : requests) {
            peer.answer(each.id(), "ok");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requests_that_come_before_the_protocol_is_known_share_the_first_connection(boolean isTls) throws Exception {
        Http2Origin.Behaviour behaviour = peer -> {
            answerTogether(peer, 50);
            peer.holdOpen();
        };
        try (var certificate = TestCertificate.create("a.example.com");
                var origin = isTls ? Http2Origin.tls(certificate, behaviour) : new Http2Origin(behaviour);
                var pool = pool()) {
            OriginTarget target = isTls ? LoopedPool.tls(origin.port(), "a.example.com") : h2c(origin);
            for (Asking asking : askMany(pool, target, 50)) {
                assertThat(asking.toEnd()).isEqualTo(HEARD);
            }
            assertThat(origin.connections()).isEqualTo(1);
            assertThat(pool.counters().of(Event.ORIGIN_HTTP2_CONNECTIONS)).isEqualTo(1);
        }
    }

    @Test
    void an_origin_in_tls_that_chooses_nothing_gets_a_connection_for_each_request() throws Exception {
        try (var certificate = TestCertificate.create("a.example.com");
                var origin = certificate.origin(OK);
                var pool = pool()) {
            OriginTarget target = LoopedPool.tls(origin.port(), "a.example.com");
            for (Asking asking : askMany(pool, target, 5)) {
                assertThat(asking.toEnd()).isEqualTo(HEARD_OF_HTTP_1);
            }
            assertThat(origin.connections()).isBetween(1, 5);
        }
    }

    @Test
    void a_second_connection_is_made_when_the_first_is_full() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        try (var origin = new Http2Origin(
                        peer -> {
                            List<Frame> requests = List.of(peer.request(), peer.request());
                            both.countDown();
                            both.await();
                            for (Frame each : requests) {
                                peer.answer(each.id(), "ok");
                            }
                            peer.holdOpen();
                        },
                        Http2Origin.MAX_CONCURRENT_STREAMS,
                        2);
                var pool = pool()) {
            for (Asking asking : askMany(pool, h2c(origin), 4)) {
                assertThat(asking.toEnd()).isEqualTo(HEARD);
            }
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void requests_wait_for_room_where_no_connection_may_be_made() throws Exception {
        try (var origin = new Http2Origin(Http2Origin.answering("ok"), Http2Origin.MAX_CONCURRENT_STREAMS, 2);
                var pool = new LoopedPool(transport, LoopedPool.limits(1, 100))) {
            for (Asking asking : askMany(pool, h2c(origin), 20)) {
                assertThat(asking.toEnd()).isEqualTo(HEARD);
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void too_many_requests_are_refused() throws Exception {
        try (var origin = new Http2Origin(
                        peer -> {
                            peer.request();
                            peer.holdOpen();
                        },
                        Http2Origin.MAX_CONCURRENT_STREAMS,
                        1);
                var pool = new LoopedPool(transport, LoopedPool.limits(1, 1))) {
            Asking first = Asking.get("/");
            pool.request(h2c(origin), first);
            Await.until(first::isConnected);
            Await.until(() -> origin.connections() == 1);
            List<Asking> more = askMany(pool, h2c(origin), 102);
            assertThat(more.getLast().toEnd()).isEqualTo("not connected\n");
            assertThat(more.getLast().failure()).isInstanceOf(OriginBusyException.class);
            assertThat(more.getFirst().isOver()).isFalse();
        }
    }

    @Test
    void who_waits_hears_that_there_is_no_connection() throws Exception {
        try (var closed = new RawOrigin(connection -> connection.socket().close());
                var pool = pool()) {
            OriginTarget target = LoopedPool.tls(closed.port(), "a.example.com");
            for (Asking asking : askMany(pool, target, 10)) {
                assertThat(asking.toEnd()).isEqualTo("not connected\n");
            }
            assertThat(closed.connections()).isEqualTo(1);
        }
    }

    @Test
    void who_is_cancelled_while_it_waits_hears_nothing() throws Exception {
        try (var origin = new Http2Origin(Http2Origin.answering("ok"));
                var pool = pool()) {
            Asking cancelled = Asking.get("/");
            pool.run(() -> {
                pool.pool().request(h2c(origin), cancelled);
                pool.pool().cancel(h2c(origin), cancelled);
            });
            assertThat(askMany(pool, h2c(origin), 1).getFirst().toEnd()).isEqualTo(HEARD);
            assertThat(cancelled.told()).isEmpty();
            assertThat(cancelled.isConnected()).isFalse();
        }
    }

    @Test
    void an_origin_that_goes_away_ends_what_it_has_taken_and_says_that_it_has_not_taken_the_rest() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (var origin = new Http2Origin(peer -> {
                    if (peer.number() == 1) {
                        int first = peer.request().id();
                        peer.request();
                        peer.goAway(first, 0);
                        gone.await();
                        peer.answer(first, "ok");
                    } else {
                        peer.answer(peer.request().id(), "ok");
                    }
                    peer.holdOpen();
                });
                var pool = pool()) {
            List<Asking> two = askMany(pool, h2c(origin), 2);
            assertThat(two.getLast().toEnd()).isEqualTo("failed\n");
            assertThat(two.getLast().failure()).isInstanceOf(UnprocessedException.class);
            assertThat(askMany(pool, h2c(origin), 1).getFirst().toEnd()).isEqualTo(HEARD);
            assertThat(two.getFirst().isOver()).isFalse();
            gone.countDown();
            assertThat(two.getFirst().toEnd()).isEqualTo(HEARD);
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void a_refused_stream_is_a_request_that_may_be_sent_again() throws Exception {
        try (var origin = new Http2Origin(peer -> {
                    peer.reset(peer.request().id(), REFUSED_STREAM);
                    peer.answer(peer.request().id(), "ok");
                    peer.holdOpen();
                });
                var pool = pool()) {
            Asking refused = askMany(pool, h2c(origin), 1).getFirst();
            assertThat(refused.toEnd()).isEqualTo("failed\n");
            assertThat(refused.failure()).isInstanceOf(UnprocessedException.class);
            assertThat(askMany(pool, h2c(origin), 1).getFirst().toEnd()).isEqualTo(HEARD);
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_origin_that_wants_http_1_gets_it() throws Exception {
        try (var origin = new Http2Origin(peer -> {
                    peer.reset(peer.request().id(), HTTP_1_1_REQUIRED);
                    peer.holdOpen();
                });
                var pool = pool()) {
            Asking again = Asking.get("/");
            Asking refused = Asking.get("/").whenFailed(asking -> pool.pool().request(h2c(origin), again));
            pool.request(h2c(origin), refused);
            Await.until(again::isConnected);
            assertThat(again.stream().version()).isEqualTo(HttpVersion.HTTP_1_1);
            assertThat(refused.failure()).isInstanceOf(UnprocessedException.class);
            Await.until(() -> origin.connections() == 2);
        }
    }

    @Test
    void a_websocket_uses_http_1_where_nothing_else_is_announced_and_so_does_a_login() throws Exception {
        try (var certificate = TestCertificate.create("a.example.com");
                var origin = Http2Origin.tls(certificate, Http2Origin.answering("ok"));
                var pool = pool()) {
            OriginTarget target = LoopedPool.tls(origin.port(), "a.example.com");
            Asking first = Asking.get("/");
            pool.request(target, first);
            assertThat(first.toEnd()).isEqualTo(HEARD);
            Asking tunnel = Asking.tunnel();
            Asking login = Asking.get("/");
            pool.run(() -> {
                pool.pool().requestTunnel(target, tunnel);
                pool.pool().own(target, null, () -> {}).request(login);
            });
            // an origin that takes HTTP/2 alone ends these handshakes
            assertThat(tunnel.toEnd()).isEqualTo("not connected\n");
            assertThat(login.toEnd()).isEqualTo("not connected\n");
            assertThat(origin.connections()).isEqualTo(3);
        }
    }

    @Test
    void a_connection_that_is_unused_for_long_is_closed() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (var origin = new Http2Origin(peer -> {
                    try {
                        Http2Origin.answering("ok").serve(peer);
                    } catch (java.io.IOException e) {
                        ended.countDown();
                    }
                });
                var pool =
                        new LoopedPool(transport, LoopedPool.times(Duration.ofSeconds(20), Duration.ofMillis(200)))) {
            assertThat(askMany(pool, h2c(origin), 1).getFirst().toEnd()).isEqualTo(HEARD);
            assertThat(ended.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        }
    }
}
