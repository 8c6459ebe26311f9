package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Await;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.wire.Http2Client;
import io.anycastle.proxy.wire.Http2Origin;
import io.anycastle.proxy.wire.Http2Origin.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One exchange on a connection of HTTP/2 to an origin: what goes, what comes, in which order and how fast (RFC 9113 section 8.1). */
@ParameterizedClass
@MethodSource("io.anycastle.proxy.origin.Transport#available")
class Http2OriginStreamTest {
    private static final String HEARD = "answered HTTP/2 200 |content-length: 2| 2\nbody\nended\n";
    private static final int LARGE = 8 * 1024 * 1024;
    /** The first stream: Netty leaves out the number of an upgrade. */
    private static final int FIRST = 3;

    private static final int UPLOAD = 1024 * 1024;
    private static final int CANCEL = 8;
    private static final int PROTOCOL_ERROR = 1;

    @Parameter
    private Transport transport;

    private LoopedPool pool() throws Exception {
        return new LoopedPool(transport, OriginConfig.DEFAULTS);
    }

    private static Asking ask(LoopedPool pool, Http2Origin origin, Asking asking) throws Exception {
        pool.request(OriginTarget.h2c(InetAddress.getLoopbackAddress(), origin.port()), asking);
        return asking;
    }

    // ---- requests

    @Test
    void a_requests_head_goes_in_the_form_of_http_2() throws Exception {
        CompletableFuture<Frame> head = new CompletableFuture<>();
        try (var origin = new Http2Origin(peer -> {
                    head.complete(peer.request());
                    peer.answer(FIRST, "ok");
                    peer.holdOpen();
                });
                var pool = pool()) {
            assertThat(ask(pool, origin, Asking.get("/x?y")).toEnd()).isEqualTo(HEARD);
            assertThat(head.join().fields())
                    .containsExactly(
                            ":method: GET",
                            ":scheme: http",
                            ":path: /x?y",
                            ":authority: a.example.com",
                            "x-first: 1",
                            "x-second: 2");
            assertThat(head.join().isEnd()).isTrue();
        }
    }

    @Test
    void a_body_goes_in_pieces_and_trailers_behind_it() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        try (var origin = new Http2Origin(peer -> {
                    StringBuilder all = new StringBuilder();
                    Frame frame = peer.next();
                    while (!frame.isEnd()) {
                        frame = peer.next();
                        all.append(frame.type() == Http2Client.DATA ? frame.text() : frame.fields());
                    }
                    heard.complete(all.toString());
                    peer.answer(FIRST, "ok");
                    peer.holdOpen();
                });
                var pool = pool()) {
            Asking asking = ask(pool, origin, Asking.of("POST", "/").length(BodyLength.UNKNOWN));
            Await.until(asking::isConnected);
            Fields trailers = new Fields();
            trailers.add("X-Sum", "12345");
            pool.run(() -> asking.send("hello"));
            pool.run(() -> {
                asking.send("world");
                asking.stream().endRequest(trailers);
                asking.stream().flush();
            });
            assertThat(asking.toEnd()).isEqualTo(HEARD);
            assertThat(heard.join()).isEqualTo("helloworld[x-sum: 12345]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"four", "sixsix"})
    void a_body_that_is_not_as_long_as_was_told_breaks_the_exchange_off(String body) throws Exception {
        CompletableFuture<Frame> last = new CompletableFuture<>();
        try (var origin = new Http2Origin(peer -> {
                    Frame frame = peer.next();
                    while (frame.type() != Http2Client.RST_STREAM) {
                        frame = peer.next();
                    }
                    last.complete(frame);
                    peer.answer(peer.request().id(), "ok");
                    peer.holdOpen();
                });
                var pool = pool()) {
            Asking asking = ask(pool, origin, Asking.of("POST", "/").length(5));
            Await.until(asking::isConnected);
            pool.run(() -> {
                asking.send(body);
                asking.stream().endRequest(null);
            });
            assertThat(asking.toEnd()).isEqualTo("failed\n");
            assertThat(last.get(20, TimeUnit.SECONDS).code()).isEqualTo(CANCEL);
            assertThat(ask(pool, origin, Asking.get("/")).toEnd()).isEqualTo(HEARD);
        }
    }

    /** Not more than the origin's windows, and a little, is held. */
    @Test
    void an_origin_that_does_not_take_a_request_stops_who_sends_it() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong read = new AtomicLong();
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    mayRead.await();
                    Frame frame;
                    do {
                        frame = peer.next();
                        read.addAndGet(frame.payload().length);
                        if (!frame.isEnd()) {
                            peer.took(FIRST, frame.payload().length);
                        }
                    } while (!frame.isEnd());
                    peer.answer(FIRST, "ok");
                    peer.holdOpen();
                });
                var pool = pool()) {
            Asking asking = ask(pool, origin, Asking.of("POST", "/").length(UPLOAD));
            Await.until(asking::isConnected);
            AtomicLong written = new AtomicLong();
            Runnable writeAll = () -> {
                while (written.get() < UPLOAD && asking.stream().isWritable()) {
                    asking.stream().write(pool.zeros(64 * 1024));
                    asking.stream().flush();
                    written.addAndGet(64 * 1024);
                }
            };
            pool.run(writeAll);
            assertThat(pool.call(() -> asking.stream().isWritable())).isFalse();
            assertThat(written.get()).isLessThan(512 * 1024);
            mayRead.countDown();
            Await.until(() -> {
                try {
                    pool.run(writeAll);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                return written.get() == UPLOAD || asking.isOver();
            });
            assertThat(asking.told()).isEmpty();
            assertThat(asking.writables()).isPositive();
            pool.run(() -> {
                asking.stream().endRequest(null);
                asking.stream().flush();
            });
            assertThat(asking.toEnd()).isEqualTo(HEARD);
            assertThat(read.get()).isEqualTo(UPLOAD);
        }
    }

    // ---- answers

    static List<Arguments> answers() {
        return List.of(
                answer("of known length", "answered HTTP/2 200 |content-length: 2| 2\nbody\nended\n", peer -> {
                    peer.head(FIRST, false, ":status: 200", "content-length: 2");
                    peer.data(FIRST, "o", false);
                    peer.data(FIRST, "k", true);
                }),
                answer("of unknown length", "answered HTTP/2 200  unknown\nbody\nended\n", peer -> {
                    peer.head(FIRST, false, ":status: 200");
                    peer.data(FIRST, "ok", false);
                    peer.data(FIRST, "", true);
                }),
                answer(
                        "without a body",
                        "answered HTTP/2 404  0\nended\n",
                        peer -> peer.head(FIRST, true, ":status: 404")),
                answer("204", "answered HTTP/2 204  none\nended\n", peer -> peer.head(FIRST, true, ":status: 204")),
                answer(
                        "304 with a length",
                        "answered HTTP/2 304 |content-length: 9| none\nended\n",
                        peer -> peer.head(FIRST, true, ":status: 304", "content-length: 9")),
                answer("with trailers", "answered HTTP/2 200  unknown\nbody\nended|grpc-status: 0|\n", peer -> {
                    peer.head(FIRST, false, ":status: 200");
                    peer.data(FIRST, "ok", false);
                    peer.head(FIRST, true, "grpc-status: 0");
                }),
                answer("of trailers alone", "answered HTTP/2 200 |grpc-status: 12| 0\nended\n", peer -> {
                    peer.head(FIRST, true, ":status: 200", "grpc-status: 12");
                }),
                answer(
                        "behind interim ones",
                        "interim HTTP/2 103 |link: </x>|\ninterim HTTP/2 100 \nanswered HTTP/2 200  0\nended\n",
                        peer -> {
                            peer.head(FIRST, false, ":status: 103", "link: </x>");
                            peer.head(FIRST, false, ":status: 100");
                            peer.head(FIRST, true, ":status: 200");
                        }),
                answer("of an odd status", "answered HTTP/2 599  0\nended\n", peer -> {
                    peer.head(FIRST, true, ":status: 599");
                }));
    }

    private static Arguments answer(String name, String told, Http2Origin.Behaviour behaviour) {
        return Arguments.of(name, told, behaviour);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void an_answer_is_told(String name, String told, Http2Origin.Behaviour behaviour) throws Exception {
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    behaviour.serve(peer);
                    peer.answer(peer.request().id(), "ok");
                    peer.holdOpen();
                });
                var pool = pool()) {
            assertThat(ask(pool, origin, Asking.get("/")).toEnd()).isEqualTo(told);
            Asking next = ask(pool, origin, Asking.get("/"));
            assertThat(next.toEnd()).isEqualTo(HEARD);
            assertThat(next.isKept()).isTrue();
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_answer_to_head_has_a_length_and_no_body() throws Exception {
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    peer.head(FIRST, true, ":status: 200", "content-length: 1000");
                    peer.holdOpen();
                });
                var pool = pool()) {
            assertThat(ask(pool, origin, Asking.of("HEAD", "/")).toEnd())
                    .isEqualTo("answered HTTP/2 200 |content-length: 1000| none\nended\n");
        }
    }

    static final List<Arguments> malformed = List.of(
            answer("no status", "", peer -> peer.head(FIRST, true, "x: 1")),
            answer("two statuses", "", peer -> peer.head(FIRST, true, ":status: 200", ":status: 200")),
            answer("a status of two digits", "", peer -> peer.head(FIRST, true, ":status: 20")),
            answer("a status of four digits", "", peer -> peer.head(FIRST, true, ":status: 2000")),
            answer("a status below 100", "", peer -> peer.head(FIRST, true, ":status: 099")),
            answer("a status with a sign", "", peer -> peer.head(FIRST, true, ":status: +20")),
            answer("a pseudo-field of a request", "", peer -> peer.head(FIRST, true, ":status: 200", ":path: /")),
            answer("an unknown pseudo-field", "", peer -> peer.head(FIRST, true, ":status: 200", ":x: /")),
            answer("a pseudo-field behind others", "", peer -> peer.head(FIRST, true, "x: 1", ":status: 200")),
            answer("upper case", "", peer -> peer.head(FIRST, true, ":status: 200", "X-Upper: 1")),
            answer("a blank in a name", "", peer -> peer.head(FIRST, true, ":status: 200", "x y: 1")),
            answer(
                    "a line end in a value",
                    "",
                    peer -> peer.head(FIRST, true, ":status: 200", "x: 1\r\nset-cookie: a")),
            answer("a null in a value", "", peer -> peer.head(FIRST, true, ":status: 200", "x: 1\0")),
            answer("connection", "", peer -> peer.head(FIRST, true, ":status: 200", "connection: close")),
            answer(
                    "transfer-encoding",
                    "",
                    peer -> peer.head(FIRST, true, ":status: 200", "transfer-encoding: chunked")),
            answer("keep-alive", "", peer -> peer.head(FIRST, true, ":status: 200", "keep-alive: timeout=1")),
            answer("upgrade", "", peer -> peer.head(FIRST, true, ":status: 200", "upgrade: x")),
            answer("a switch", "", peer -> peer.head(FIRST, false, ":status: 101")),
            answer("an interim answer alone", "", peer -> peer.head(FIRST, true, ":status: 103")),
            answer("two lengths", "", peer -> {
                peer.head(FIRST, false, ":status: 200", "content-length: 1", "content-length: 2");
                peer.data(FIRST, "a", true);
            }),
            answer("a length that is none", "", peer -> peer.head(FIRST, false, ":status: 200", "content-length: +1")),
            answer("a length without a body", "", peer -> peer.head(FIRST, true, ":status: 200", "content-length: 1")),
            answer("a body without a head", "", peer -> peer.data(FIRST, "ok", true)),
            answer("a body where none may be", "answered HTTP/2 204  none\n", peer -> {
                peer.head(FIRST, false, ":status: 204");
                peer.data(FIRST, "ok", true);
            }),
            answer("too much of a body", "answered HTTP/2 200 |content-length: 2| 2\n", peer -> {
                peer.head(FIRST, false, ":status: 200", "content-length: 2");
                peer.data(FIRST, "abc", true);
            }),
            answer("too little of a body", "answered HTTP/2 200 |content-length: 2| 2\n", peer -> {
                peer.head(FIRST, false, ":status: 200", "content-length: 2");
                peer.data(FIRST, "", true);
            }),
            answer("too little before trailers", "answered HTTP/2 200 |content-length: 2| 2\n", peer -> {
                peer.head(FIRST, false, ":status: 200", "content-length: 2");
                peer.head(FIRST, true, "x: 1");
            }),
            answer("a second head", "answered HTTP/2 200  unknown\n", peer -> {
                peer.head(FIRST, false, ":status: 200");
                peer.head(FIRST, false, ":status: 200");
            }),
            answer("a pseudo-field in trailers", "answered HTTP/2 200  unknown\n", peer -> {
                peer.head(FIRST, false, ":status: 200");
                peer.head(FIRST, true, ":status: 200");
            }),
            answer("a field of connections in trailers", "answered HTTP/2 200  unknown\n", peer -> {
                peer.head(FIRST, false, ":status: 200");
                peer.head(FIRST, true, "connection: close");
            }),
            answer("fields beyond the limit", "", peer -> {
                byte[] fields = Http2Client.block(List.of("x: " + "a".repeat(12_000)));
                byte[] status = Http2Client.block(List.of(":status: 200"));
                peer.frame(Http2Client.HEADERS, Http2Client.END_STREAM, FIRST, status);
                peer.frame(Http2Client.CONTINUATION, 0, FIRST, fields);
                peer.frame(Http2Client.CONTINUATION, 0, FIRST, fields);
                peer.frame(Http2Client.CONTINUATION, Http2Client.END_HEADERS, FIRST, fields);
            }));

    /** Only that exchange fails: the connection lives on. */
    @ParameterizedTest(name = "{0}")
    @FieldSource("malformed")
    void an_answer_that_is_none_fails_alone(String name, String told, Http2Origin.Behaviour behaviour)
            throws Exception {
        CompletableFuture<Frame> reset = new CompletableFuture<>();
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    behaviour.serve(peer);
                    reset.complete(peer.next());
                    peer.answer(peer.request().id(), "ok");
                    peer.holdOpen();
                });
                var pool = pool()) {
            Asking asking = ask(pool, origin, Asking.get("/"));
            assertThat(asking.toEnd()).isEqualTo(told + "failed\n");
            assertThat(asking.failure()).isInstanceOf(InvalidAnswerException.class);
            Frame frame = reset.get(20, TimeUnit.SECONDS);
            assertThat(frame.type()).isEqualTo(Http2Client.RST_STREAM);
            assertThat(frame.code()).isEqualTo(PROTOCOL_ERROR);
            assertThat(ask(pool, origin, Asking.get("/")).toEnd()).isEqualTo(HEARD);
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    // ---- back-pressure

    @Test
    void an_answer_that_nobody_takes_stops_the_origin_and_no_other_answer() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (var origin = new Http2Origin(peer -> {
                    int first = peer.request().id();
                    peer.head(first, false, ":status: 200", "content-length: " + LARGE);
                    int second = peer.request().id();
                    for (int i = 0; i < LARGE / 16384; i++) {
                        if (i == 16) {
                            peer.answer(second, "ok");
                        }
                        peer.data(first, new byte[16384]);
                        sent.addAndGet(16384);
                    }
                    peer.data(first, "", true);
                    peer.holdOpen();
                });
                var pool = pool()) {
            Asking slow = ask(pool, origin, Asking.get("/slow").paused());
            Await.until(slow::isAnswered);
            assertThat(ask(pool, origin, Asking.get("/")).toEnd()).isEqualTo(HEARD);
            Await.until(() -> sent.get() == OriginHttp2.DEFAULTS.streamWindowBytes());
            assertThat(slow.bodySize()).isZero();
            pool.run(() -> slow.stream().resume());
            slow.toEnd();
            assertThat(slow.bodySize()).isEqualTo(LARGE);
            assertThat(Arrays.equals(slow.body(), new byte[LARGE])).isTrue();
            assertThat(slow.readsCompleted()).isPositive();
        }
    }

    @Test
    void an_answer_that_has_come_whole_is_told_when_it_is_wanted_though_the_connection_has_ended() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    peer.answer(FIRST, "ok");
                    peer.socket().shutdownOutput();
                    try {
                        peer.next();
                    } catch (IOException e) {
                        ended.complete(true); // the edge has closed, since it heard the end
                    }
                });
                var pool = pool()) {
            Asking slow = ask(pool, origin, Asking.get("/slow").paused());
            Await.until(slow::isAnswered);
            assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
            pool.run(() -> slow.stream().resume());
            assertThat(slow.toEnd()).isEqualTo(HEARD);
        }
    }

    // ---- ends before their time

    @Test
    void who_gives_an_exchange_up_breaks_it_off_and_the_connection_lives_on() throws Exception {
        CompletableFuture<Frame> reset = new CompletableFuture<>();
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    peer.head(FIRST, false, ":status: 200");
                    peer.data(FIRST, "some", false);
                    reset.complete(peer.next());
                    peer.data(FIRST, "late", false);
                    peer.head(FIRST, true, "x: 1");
                    peer.answer(peer.request().id(), "ok");
                    peer.holdOpen();
                });
                var pool = pool()) {
            Asking asking = ask(pool, origin, Asking.get("/"));
            Await.until(() -> asking.bodySize() == 4);
            pool.run(() -> asking.stream().abandon());
            assertThat(reset.get(20, TimeUnit.SECONDS).code()).isEqualTo(CANCEL);
            assertThat(ask(pool, origin, Asking.get("/")).toEnd()).isEqualTo(HEARD);
            assertThat(asking.told()).isEqualTo("answered HTTP/2 200  unknown\nbody\n");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_answer_before_the_request_is_whole_ends_the_request() throws Exception {
        CompletableFuture<Frame> reset = new CompletableFuture<>();
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    peer.answer(FIRST, "ok");
                    reset.complete(peer.next());
                    peer.holdOpen();
                });
                var pool = pool()) {
            Asking asking = ask(pool, origin, Asking.of("POST", "/").length(10));
            assertThat(asking.toEnd()).isEqualTo(HEARD);
            assertThat(reset.get(20, TimeUnit.SECONDS).code()).isEqualTo(CANCEL);
        }
    }

    @Test
    void an_origin_that_breaks_off_fails_the_exchange() throws Exception {
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    peer.head(FIRST, false, ":status: 200");
                    peer.reset(FIRST, 2);
                    peer.answer(peer.request().id(), "ok");
                    peer.holdOpen();
                });
                var pool = pool()) {
            assertThat(ask(pool, origin, Asking.get("/")).toEnd()).isEqualTo("answered HTTP/2 200  unknown\nfailed\n");
            assertThat(ask(pool, origin, Asking.get("/")).toEnd()).isEqualTo(HEARD);
        }
    }

    @Test
    void an_origin_that_closes_fails_the_exchange() throws Exception {
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    peer.socket().close();
                });
                var pool = pool()) {
            Asking asking = ask(pool, origin, Asking.get("/"));
            assertThat(asking.toEnd()).isEqualTo("failed\n");
            assertThat(asking.failure()).isNotInstanceOf(UnprocessedException.class);
        }
    }

    // ---- origins that misbehave

    static List<Arguments> floods() {
        return List.of(
                answer("PING", "", peer -> peer.frame(Http2Client.PING, 0, 0, new byte[8])),
                answer("SETTINGS", "", peer -> peer.settings()),
                answer("empty frames", "", peer -> peer.data(FIRST, "", false)),
                answer("PRIORITY", "", peer -> peer.frame(Http2Client.PRIORITY, 0, FIRST, new byte[5])),
                answer("interim answers", "", peer -> peer.head(FIRST, false, ":status: 103")),
                answer("window updates", "", peer -> peer.took(FIRST, 1)),
                answer("unknown frames", "", peer -> peer.frame(99, 0, 0, new byte[8])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void a_flood_ends_its_connection_alone(String name, String told, Http2Origin.Behaviour flood) throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    if (name.equals("empty frames")) {
                        peer.head(FIRST, false, ":status: 200");
                    }
                    try {
                        while (true) {
                            flood.serve(peer);
                        }
                    } catch (IOException e) {
                        ended.complete(true);
                    }
                });
                var calm = new Http2Origin(Http2Origin.answering("ok"));
                var pool = pool()) {
            Asking asking = ask(pool, origin, Asking.get("/"));
            assertThat(asking.toEnd()).endsWith("failed\n");
            assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(pool.counters().of(Event.ORIGIN_HTTP2_FLOODS)).isEqualTo(1);
            assertThat(ask(pool, calm, Asking.get("/")).toEnd()).isEqualTo(HEARD);
        }
    }

    static List<Arguments> bombs() {
        byte[] head = Http2Client.block(List.of(":status: 200"));
        return List.of(
                answer("CONTINUATION without end", "", peer -> {
                    peer.frame(Http2Client.HEADERS, 0, FIRST, head);
                    while (true) {
                        peer.frame(Http2Client.CONTINUATION, 0, FIRST, Http2Client.block(List.of("x: y")));
                    }
                }),
                answer("large CONTINUATION without end", "", peer -> {
                    peer.frame(Http2Client.HEADERS, 0, FIRST, head);
                    while (true) {
                        peer.frame(
                                Http2Client.CONTINUATION,
                                0,
                                FIRST,
                                Http2Client.block(List.of("x: " + "y".repeat(16_000))));
                    }
                }),
                answer("a field again and again by its number", "", peer -> {
                    byte[] bomb = new byte[16_000];
                    Arrays.fill(bomb, (byte) 0xbe);
                    byte[] field = Http2Client.block(List.of("x: " + "y".repeat(3_000)));
                    field[0] = 0x40;
                    byte[] block = new byte[field.length + 12_000];
                    System.arraycopy(field, 0, block, 0, field.length);
                    System.arraycopy(bomb, 0, block, field.length, 12_000);
                    peer.frame(Http2Client.HEADERS, Http2Client.END_HEADERS, FIRST, block);
                    peer.holdOpen();
                }),
                answer("a promise", "", peer -> {
                    peer.frame(5, Http2Client.END_HEADERS, FIRST, new byte[] {0, 0, 0, 2, (byte) 0x88});
                    peer.holdOpen();
                }),
                answer("a frame beyond the largest", "", peer -> {
                    peer.frame(Http2Client.DATA, 0, FIRST, new byte[20_000]);
                    peer.holdOpen();
                }),
                answer("more than the window", "", peer -> {
                    peer.head(FIRST, false, ":status: 200");
                    while (true) {
                        peer.frame(Http2Client.DATA, 0, FIRST, new byte[16_000]);
                    }
                }),
                answer("no HTTP/2", "", peer -> {
                    peer.socket()
                            .getOutputStream()
                            .write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    peer.holdOpen();
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void what_is_no_http_2_fails_the_exchange(String name, String told, Http2Origin.Behaviour bomb) throws Exception {
        try (var origin = new Http2Origin(peer -> {
                    peer.request();
                    bomb.serve(peer);
                });
                var pool = pool()) {
            Asking asking = ask(pool, origin, Asking.get("/").paused());
            assertThat(asking.toEnd()).endsWith("failed\n");
            assertThat(asking.failure()).isInstanceOf(InvalidAnswerException.class);
        }
    }

    @Test
    void an_origin_that_takes_nothing_is_left_after_the_write_timeout() throws Exception {
        try (var origin = new Http2Origin(
                        peer -> {
                            peer.request();
                            peer.frame(Http2Client.WINDOW_UPDATE, 0, 0, new byte[] {0x70, 0, 0, 0});
                            peer.holdOpen();
                        },
                        Http2Client.INITIAL_WINDOW_SIZE,
                        Integer.MAX_VALUE);
                var pool = new LoopedPool(transport, LoopedPool.writeTimeout(Duration.ofMillis(400)))) {
            Asking asking = ask(pool, origin, Asking.of("POST", "/").length(BodyLength.UNKNOWN));
            Await.until(asking::isConnected);
            Await.until(() -> {
                try {
                    return pool.call(() -> {
                        for (int i = 0; i < 16 && asking.stream().isWritable(); i++) {
                            asking.stream().write(pool.zeros(64 * 1024));
                        }
                        asking.stream().flush();
                        return asking.isOver();
                    });
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(asking.failure()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void an_origin_that_is_silent_is_asked_whether_it_lives_and_left_when_it_does_not_say() throws Exception {
        try (var deaf = new Http2Origin(peer -> peer.holdOpen());
                var alive = new Http2Origin(peer -> {
                    peer.request();
                    while (peer.pings() == 0) {
                        peer.next(); // never comes: a PING is dealt with on the way
                    }
                });
                var pool = new LoopedPool(transport, LoopedPool.writeTimeout(Duration.ofMillis(200)))) {
            Asking alone = ask(pool, deaf, Asking.get("/"));
            Asking waiting = ask(pool, alive, Asking.get("/"));
            assertThat(alone.toEnd()).isEqualTo("failed\n");
            assertThat(alone.failure()).hasMessageContaining("silent");
            assertThat(waiting.isOver()).isFalse();
        }
    }

    // ---- tunnels

    @Test
    void a_websocket_is_a_stream_of_its_own_where_the_origin_takes_such() throws Exception {
        CompletableFuture<Frame> asked = new CompletableFuture<>();
        try (var origin = new Http2Origin(
                        peer -> {
                            peer.answer(peer.request().id(), "ok");
                            Frame head = peer.request();
                            asked.complete(head);
                            peer.head(head.id(), false, ":status: 200");
                            for (Frame said = peer.next(); !said.isEnd(); said = peer.next()) {
                                peer.data(said.id(), ">" + said.text(), false);
                            }
                            peer.data(head.id(), "bye", true);
                            peer.holdOpen();
                        },
                        Http2Origin.ENABLE_CONNECT_PROTOCOL,
                        1);
                var pool = pool()) {
            OriginTarget target = OriginTarget.h2c(InetAddress.getLoopbackAddress(), origin.port());
            assertThat(ask(pool, origin, Asking.get("/")).toEnd()).isEqualTo(HEARD);
            Asking tunnel = Asking.tunnel();
            pool.run(() -> pool.pool().requestTunnel(target, tunnel));
            Await.until(tunnel::isAnswered);
            assertThat(asked.join().fields())
                    .contains(":method: CONNECT", ":protocol: websocket", ":scheme: http", ":path: /tunnel");
            pool.run(() -> tunnel.send("x"));
            Await.until(() -> tunnel.bodySize() == 2);
            pool.run(() -> tunnel.stream().endRequest(null));
            assertThat(tunnel.toEnd()).isEqualTo("answered HTTP/2 101  tunnel\nbody\nended\n");
            assertThat(new String(tunnel.body(), StandardCharsets.US_ASCII)).isEqualTo(">xbye");
            pool.run(() -> tunnel.stream().closeTunnel());
            assertThat(origin.connections()).isEqualTo(1);
        }
    }
}
