package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.listen.ListenerConfig;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IPv6 on both sides, and both families behind one name. */
class AddressFamilyTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static RawOrigin v6() throws Exception {
        return new RawOrigin("::1", connection -> {
            while (true) {
                connection.readHead();
                connection.send(OK);
            }
        });
    }

    @Test
    void an_ipv6_origin_is_asked() throws Exception {
        try (var origin = v6();
                var edge = Edge.edge()
                        .allow("::1/128")
                        .listeners(new ListenerConfig(
                                "127.0.0.1", 0, OptionalInt.of(origin.port()), Optional.empty(), true, false))
                        .site("example.com", "+a.example.com AAAA ::1")
                        .start();
                var client = edge.client()) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_ipv6_origin_is_asked_by_the_address_map() throws Exception {
        try (var origin = v6();
                var edge = Edge.edge()
                        .allow("::1/128")
                        .site("example.com", "+a.example.com AAAA 2001:db8::1")
                        .origin("2001:db8::1", "::1", origin.port())
                        .start();
                var client = edge.client()) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
        }
    }

    @Test
    void an_ipv6_origin_is_asked_over_tls() throws Exception {
        try (var pem = TestCertificate.create("a.example.com");
                var origin = pem.origin("::1", OK, name -> {});
                var edge = Edge.edge()
                        .allow("::1/128")
                        .listeners(pem.listener())
                        .site("example.com", "+a.example.com AAAA 2001:db8::1")
                        .origin("2001:db8::1", "::1", origin.port())
                        .start();
                var client = pem.client(edge.port(), "a.example.com")) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void the_other_family_is_asked_when_one_refuses(String living) throws Exception {
        try (var dead = new DeadPort();
                var origin = new RawOrigin(living, connection -> {
                    while (true) {
                        connection.readHead();
                        connection.send(OK);
                    }
                });
                var edge = Edge.edge()
                        .allow("::1/128", "127.0.0.0/8")
                        .site("example.com", "+a.example.com A 192.0.2.1", "+a.example.com AAAA 2001:db8::1")
                        .origin("192.0.2.1", "127.0.0.1", living.equals("::1") ? dead.port() : origin.port())
                        .origin("2001:db8::1", "::1", living.equals("::1") ? origin.port() : dead.port())
                        .start();
                var client = edge.client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            }
        }
    }

    @Test
    void whatever_goes_wrong_while_connecting_the_next_address_is_asked() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = Edge.edge()
                        .allow("::/0", "0.0.0.0/0")
                        .site("example.com", "+a.example.com A 192.0.2.1", "+a.example.com AAAA 2001:db8::1")
                        .origin("192.0.2.1", origin.port())
                        .origin("2001:db8::1", "ff0f::1", 9)
                        .start();
                var client = edge.client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            }
            assertThat(edge.counters().of(ProxyCounters.Event.ORIGIN_FAILOVERS)).isPositive();
        }
    }

    @Test
    void an_ipv6_visitor_is_told_as_rfc_5952_spells_it() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (var origin = new RawOrigin(connection -> {
                    seen.add(connection.readHead());
                    connection.send(OK);
                });
                var edge = Edge.edge()
                        .listeners(ListenerConfig.plain("::1", 0))
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = new RawClient(new Socket(InetAddress.ofLiteral("::1"), edge.port()))) {
            assertThat(client.get("a.example.com", "/cdn-cgi/trace").text()).contains("\nip=::1\n");
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            assertThat(seen.getFirst()).contains("X-Forwarded-For: ::1\r\n").contains("CF-Connecting-IP: ::1\r\n");
        }
    }
}
