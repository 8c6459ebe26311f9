package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS for hosts that DNS has and the JDK's check of names has not. */
class OddNamesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @ParameterizedTest
    @ValueSource(
            strings = {"a.example.com", "a_b.example.com", "_a.example.com", "-edge-.example.com", "a.b-.example.com"})
    void an_origin_is_asked_for_by_the_hosts_name_in_its_handshake(String host) throws Exception {
        CompletableFuture<String> hello = new CompletableFuture<>();
        try (var pem = TestCertificate.create("a.example.com");
                var origin = new RawOrigin(connection -> {
                    byte[] start = connection.peer().exactly(5);
                    byte[] record = connection.peer().exactly((start[3] & 255) << 8 | (start[4] & 255));
                    hello.complete(new String(record, StandardCharsets.ISO_8859_1));
                });
                var edge = Edge.edge()
                        .listeners(pem.listener())
                        .site("example.com", "+" + host + " A 192.0.2.1", "+x.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = pem.client(edge.port(), "x.example.com")) {
            assertThat(client.get(host, "/").status()).isEqualTo(525);
            int length = host.length();
            String serverName = "\0" + (char) (length >> 8) + (char) length + host;
            assertThat(hello.get(20, TimeUnit.SECONDS)).contains(serverName);
        }
    }

    @Test
    void an_origin_hears_the_name_of_an_ordinary_host() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (var pem = TestCertificate.create("a.example.com");
                var origin = pem.origin("127.0.0.1", OK, asked::add);
                var edge = Edge.edge()
                        .listeners(pem.listener())
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = pem.client(edge.port(), "a.example.com")) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            assertThat(asked).containsExactly("a.example.com");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.example.com", "a_b.example.com", "_a.example.com", "-edge-.example.com", "a.b-.example.com"})
    void a_visitor_shakes_hands_for_such_a_host(String host) throws Exception {
        try (var pem = TestCertificate.create("a.example.com");
                var edge = Edge.edge()
                        .listeners(pem.listener())
                        .site("example.com", "+" + host + " A 192.0.2.1")
                        .start();
                var client = pem.client(edge.port(), host)) {
            assertThat(client.get(host, "/cdn-cgi/trace").text()).contains("h=" + host, "sni=plaintext");
        }
    }
}
