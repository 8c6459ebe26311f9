package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.OriginScheme;
import io.anycastle.proxy.DeadPort;
import io.anycastle.proxy.FullPort;
import io.anycastle.proxy.RawOrigin;
import io.anycastle.proxy.TestCertificate;
import io.anycastle.proxy.reply.EdgeError;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** An origin that has addresses of both families is connected to by the one that answers (RFC 8305 section 5). */
@ParameterizedClass
@MethodSource("io.anycastle.proxy.origin.Transport#available")
class HappyEyeballsRfc8305Test {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress V6 = InetAddress.ofLiteral("::1");

    @Parameter
    private Transport transport;

    private static RawOrigin v6() throws Exception {
        return new RawOrigin("::1", connection -> {
            while (true) {
                connection.readHead();
                connection.send(OK);
            }
        });
    }

    /** An origin at that address, and at the other family's on the same port. */
    private static OriginTarget both(InetAddress first, int port) {
        return OriginTarget.paired(
                        List.of(OriginTarget.plain(first, port), OriginTarget.plain(first.equals(V4) ? V6 : V4, port)))
                .getFirst();
    }

    private static long ask(LoopedPool pool, OriginTarget target) throws Exception {
        long before = System.nanoTime();
        Asking asking = Asking.get("/");
        pool.request(target, asking);
        assertThat(asking.toEnd()).startsWith("answered HTTP/1.1 200 OK");
        return (System.nanoTime() - before) / 1_000_000;
    }

    @Test
    void an_address_that_does_not_answer_costs_the_delay_and_no_more_later() throws Exception {
        try (var origin = v6();
                var full = new FullPort(origin.port());
                var pool = new LoopedPool(transport, OriginConfig.DEFAULTS)) {
            assertThat(ask(pool, both(V4, full.port()))).isBetween(240L, 5_000L);
            assertThat(ask(pool, both(V4, full.port()))).isLessThan(240); // on the same connection
            assertThat(origin.connections()).isEqualTo(1);
            Asking alone = Asking.get("/");
            long before = System.nanoTime();
            pool.run(() -> pool.pool().requestAlone(both(V4, full.port()), false, alone));
            assertThat(alone.toEnd()).startsWith("answered");
            assertThat((System.nanoTime() - before) / 1_000_000).isLessThan(240);
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void an_address_that_refuses_gives_way_at_once() throws Exception {
        try (var origin = v6();
                var pool = new LoopedPool(transport, OriginConfig.DEFAULTS)) {
            assertThat(ask(pool, both(V4, origin.port()))).isLessThan(240);
        }
    }

    @Test
    void an_address_that_answers_is_the_only_one_that_is_asked() throws Exception {
        try (var four = RawOrigin.answering(OK);
                var pool = new LoopedPool(transport, OriginConfig.DEFAULTS)) {
            ask(pool, both(V4, four.port()));
            assertThat(four.connections()).isEqualTo(1);
        }
    }

    @Test
    void when_no_address_answers_the_failure_is_that_of_the_one_that_was_asked_for() throws Exception {
        try (var full = new FullPort();
                var pool = new LoopedPool(transport, LoopedPool.times(SHORT, LONG))) {
            Asking asking = Asking.get("/");
            pool.request(both(V4, full.port()), asking);
            assertThat(asking.toEnd()).isEqualTo("not connected\n");
            assertThat(OriginFailure.whileConnecting(asking.failure())).isEqualTo(EdgeError.ORIGIN_CONNECT_TIMEOUT);
            Asking other = Asking.get("/");
            pool.request(both(V6, full.port()), other);
            assertThat(other.toEnd()).isEqualTo("not connected\n");
            assertThat(OriginFailure.whileConnecting(other.failure())).isEqualTo(EdgeError.ORIGIN_REFUSED);
        }
    }

    @Test
    void a_handshake_runs_with_the_address_that_answered() throws Exception {
        try (var pem = TestCertificate.create("a.example.com");
                var origin = pem.origin("::1", OK, name -> {});
                var full = new FullPort(origin.port());
                var pool = new LoopedPool(
                        transport,
                        OriginConfig.DEFAULTS,
                        JdkOriginSecurity.believing(new OriginTrust(pem.authority())))) {
            TlsPeer peer = TlsPeer.checked("a.example.com");
            OriginTarget target = OriginTarget.paired(
                            List.of(OriginTarget.tls(V4, full.port(), peer), OriginTarget.tls(V6, origin.port(), peer)))
                    .getFirst();
            ask(pool, target);
        }
    }

    @Test
    void a_pool_that_closes_begins_no_more() throws Exception {
        try (var origin = v6();
                var full = new FullPort(origin.port())) {
            Asking asking = Asking.get("/");
            try (var pool = new LoopedPool(transport, OriginConfig.DEFAULTS)) {
                pool.request(both(V4, full.port()), asking);
            }
            assertThat(asking.toEnd()).isEqualTo("not connected\n");
            assertThat(origin.connections()).isZero();
        }
    }

    @Test
    void addresses_are_paired_that_are_asked_in_the_same_way() throws Exception {
        try (var dead = new DeadPort()) {
            OriginTarget four = OriginTarget.plain(V4, dead.port());
            OriginTarget six = OriginTarget.plain(V6, dead.port());
            OriginTarget otherPort = OriginTarget.plain(V6, 9);
            OriginTarget otherHost =
                    OriginTarget.of(V6, dead.port(), OriginScheme.HTTP, Optional.empty(), Optional.of("b.example.com"));
            OriginTarget otherScheme = OriginTarget.h2c(V6, dead.port());
            assertThat(OriginTarget.paired(Set.of(four, otherPort, otherHost, otherScheme)))
                    .allSatisfy(target -> assertThat(target.others()).isEmpty());
            assertThat(OriginTarget.paired(List.of(four, six)))
                    .extracting(OriginTarget::others)
                    .containsExactly(List.of(V6), List.of(V4));
        }
    }
}
