package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.Await;
import io.anycastle.proxy.DeadPort;
import io.anycastle.proxy.FullPort;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.RawOrigin.Served;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.reply.EdgeError;
import io.netty.channel.ChannelException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections to origins are made, in TLS too, and what it is called when they are not. */
@ParameterizedClass
@MethodSource("io.anycastle.proxy.origin.Transport#available")
class OriginConnectTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String HEARD = "answered HTTP/1.1 200 OK|Content-Length: 2| 2\nbody\nended\n";
    private static final int LARGE = 8 * 1024 * 1024;
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    @Parameter
    private Transport transport;

    private EdgeError failure(OriginConfig config, OriginTarget target) throws Exception {
        try (var pool = new LoopedPool(transport, config)) {
            Asking asking = Asking.get("/");
            pool.request(target, asking);
            assertThat(asking.toEnd()).isEqualTo("not connected\n");
            return OriginFailure.whileConnecting(asking.failure());
        }
    }

    @Test
    void a_port_where_nobody_listens_refuses() throws Exception {
        try (var dead = new DeadPort()) {
            assertThat(failure(OriginConfig.DEFAULTS, LoopedPool.plain(dead.port())))
                    .isEqualTo(EdgeError.ORIGIN_REFUSED);
        }
    }

    @Test
    void an_address_without_a_route_is_unreachable() throws Exception {
        InetAddress nowhere = InetAddress.getByName("255.255.255.255");
        assertThat(failure(OriginConfig.DEFAULTS, OriginTarget.plain(nowhere, 9)))
                .isEqualTo(EdgeError.ORIGIN_UNREACHABLE);
    }

    @Test
    void a_connection_that_is_not_accepted_in_time_times_out() throws Exception {
        try (var full = new FullPort()) {
            assertThat(failure(LoopedPool.times(SHORT, LONG), LoopedPool.plain(full.port())))
                    .isEqualTo(EdgeError.ORIGIN_CONNECT_TIMEOUT);
        }
    }

    @Test
    void a_system_that_has_no_socket_left_is_a_failure_that_the_event_loop_hears_of() throws Exception {
        try (var pool = new LoopedPool(
                transport,
                () -> {
                    throw new ChannelException("too many open files");
                },
                OriginConfig.DEFAULTS,
                JdkOriginSecurity.ofTheSystem(SealedKeys.NONE))) {
            Thread loop = pool.call(Thread::currentThread);
            Asking asking = pool.ask(9, Asking.get("/"));

            assertThat(asking.toEnd()).isEqualTo("not connected\n");
            assertThat(OriginFailure.whileConnecting(asking.failure())).isEqualTo(EdgeError.ORIGIN_UNEXPECTED);
            assertThat(asking.toldBy()).isEqualTo(loop);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"220 no TLS here\r\n", "", "silence"})
    void an_origin_without_tls_fails_its_handshake(String said) throws Exception {
        try (var origin = new RawOrigin(connection -> {
            if (said.equals("silence")) {
                connection.holdOpen();
            }
            connection.peer().in().read();
            connection.send(said);
        })) {
            assertThat(failure(LoopedPool.times(SHORT, LONG), LoopedPool.tls(origin.port(), "a.example.com")))
                    .isEqualTo(EdgeError.ORIGIN_TLS_FAILED);
        }
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_none_in_strict_mode() throws Exception {
        try (var pem = TestCertificate.create("a.example.com");
                var origin = pem.origin(OK)) {
            assertThat(failure(LoopedPool.times(LONG, LONG), LoopedPool.checked(origin.port(), "a.example.com")))
                    .isEqualTo(EdgeError.ORIGIN_CERTIFICATE);
        }
    }

    @ParameterizedTest
    @CsvSource({"a.example.com, true", "b.example.com, false"})
    void a_certificate_must_be_the_hosts_in_strict_mode(String host, boolean isTaken) throws Exception {
        CompletableFuture<String> named = new CompletableFuture<>();
        try (var pem = TestCertificate.create("a.example.com");
                var origin = tls(pem, named, connection -> {
                    connection.readHead();
                    connection.send(OK).holdOpen();
                });
                var pool = new LoopedPool(
                        transport,
                        OriginConfig.DEFAULTS,
                        JdkOriginSecurity.believing(new OriginTrust(pem.authority())))) {
            Asking asking = Asking.get("/");
            pool.request(LoopedPool.checked(origin.port(), host), asking);

            assertThat(asking.toEnd()).isEqualTo(isTaken ? HEARD : "not connected\n");
            if (!isTaken) {
                assertThat(OriginFailure.whileConnecting(asking.failure())).isEqualTo(EdgeError.ORIGIN_CERTIFICATE);
            }
        }
    }

    /** An origin that speaks TLS, and tells the name that was asked for. */
    private static RawOrigin tls(TestCertificate pem, CompletableFuture<String> named, RawOrigin.Behaviour behaviour)
            throws Exception {
        var context = pem.server();
        return new RawOrigin(connection -> {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(connection.socket(), null, true);
            tls.setUseClientMode(false);
            tls.startHandshake();
            if (tls.getSession() instanceof ExtendedSSLSession session) {
                for (SNIServerName name : session.getRequestedServerNames()) {
                    named.complete(new String(name.getEncoded(), StandardCharsets.US_ASCII));
                }
            }
            behaviour.serve(new Served(tls, new RawClient(tls), connection.number()));
        });
    }

    @Test
    void requests_in_tls_name_their_host_and_share_a_connection() throws Exception {
        CompletableFuture<String> named = new CompletableFuture<>();
        try (var pem = TestCertificate.create("other.example.net");
                var origin = tls(pem, named, connection -> {
                    while (true) {
                        connection.readHead();
                        connection.send(OK);
                    }
                });
                var pool = new LoopedPool(transport, OriginConfig.DEFAULTS)) {
            for (int i = 0; i < 3; i++) {
                Asking asking = Asking.get("/");
                pool.request(LoopedPool.tls(origin.port(), "a.example.com"), asking);
                assertThat(asking.toEnd()).isEqualTo(HEARD);
                assertThat(asking.isKept()).isEqualTo(i > 0);
            }
            assertThat(named.get(20, TimeUnit.SECONDS)).isEqualTo("a.example.com");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: " + LARGE, "X: y"})
    void who_pauses_loses_nothing_in_tls_when_the_origin_ends(String field) throws Exception {
        try (var pem = TestCertificate.create("a.example.com");
                var origin = tls(pem, new CompletableFuture<>(), connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n");
                    connection.peer().send(new byte[LARGE]);
                });
                var pool = new LoopedPool(transport, OriginConfig.DEFAULTS)) {
            Asking asking = Asking.get("/").paused().whenBody(stutterer -> {
                stutterer.stream().pause();
                stutterer.stream().afterLook(() -> stutterer.stream().resume());
            });
            pool.request(LoopedPool.tls(origin.port(), "a.example.com"), asking);
            Await.until(asking::isAnswered);
            assertThat(asking.bodySize()).isZero();
            pool.run(() -> asking.stream().resume());

            assertThat(asking.toEnd()).endsWith("\nbody\nended\n");
            assertThat(asking.bodySize()).isEqualTo(LARGE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_tunnel_in_tls_carries_everything_both_ways_and_each_sides_end(boolean isOriginFirst) throws Exception {
        CompletableFuture<Integer> heard = new CompletableFuture<>();
        CountDownLatch reads = new CountDownLatch(1);
        try (var pem = TestCertificate.create("a.example.com");
                var origin = tls(pem, new CompletableFuture<>(), connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
                    if (isOriginFirst) {
                        connection.peer().send(new byte[LARGE]);
                        ((SSLSocket) connection.socket()).shutdownOutput();
                    }
                    reads.await();
                    heard.complete(connection.peer().in().readAllBytes().length);
                    if (!isOriginFirst) {
                        connection.peer().send(new byte[LARGE]);
                    }
                });
                var pool = new LoopedPool(transport, OriginConfig.DEFAULTS)) {
            Asking asking = Asking.tunnel();
            pool.request(LoopedPool.tls(origin.port(), "a.example.com"), asking);
            Await.until(isOriginFirst ? asking::isOver : asking::isAnswered);
            pool.run(() -> {
                asking.send("a".repeat(LARGE));
                asking.stream().endRequest(null);
            });
            reads.countDown();

            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo(LARGE);
            assertThat(asking.toEnd()).endsWith("\nbody\nended\n");
            assertThat(asking.bodySize()).isEqualTo(LARGE);
        }
    }
}
