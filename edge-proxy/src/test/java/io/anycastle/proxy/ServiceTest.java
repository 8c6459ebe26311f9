package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.listen.TlsFiles;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The service as edge-app and a client's first look see it. */
class ServiceTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void every_problem_is_one_plain_sentence_and_nothing_stays_open() throws Exception {
        int freed;
        try (var free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            freed = free.getLocalPort();
        }
        try (var busy = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var noFiles = Optional.of(new TlsFiles(Path.of("none.crt"), Path.of("none.key")));
            try (var edge = Edge.edge()
                    .threads(2)
                    .listeners(
                            ListenerConfig.plain("127.0.0.1", busy.getLocalPort()),
                            ListenerConfig.plain("127.0.0.1", freed),
                            new ListenerConfig("127.0.0.1", 0, OptionalInt.empty(), noFiles, true, false))) {
                assertThatThrownBy(edge::start)
                        .hasMessageContaining("The http listener cannot use 127.0.0.1 port " + busy.getLocalPort()
                                + ": another program is listening there.")
                        .hasMessageContaining("The TLS file none.crt cannot be read.")
                        .hasMessageContaining("The TLS file none.key cannot be read.");
                new ServerSocket(freed, 1, InetAddress.ofLiteral("127.0.0.1")).close();
            }
        }
    }

    @Test
    void a_key_that_is_not_the_certificates_is_told() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (var one = TestCertificate.create("a.example.com");
                var other = TestCertificate.create("other.example.net")) {
            assertThat(one.files().problems(vertx)).isEmpty();
            TlsFiles mixed =
                    new TlsFiles(one.files().certificate(), other.files().key());
            assertThat(mixed.problems(vertx))
                    .containsExactly("The private key in " + mixed.key() + " is not that of the certificate in "
                            + mixed.certificate() + ".");
            TlsFiles swapped = new TlsFiles(one.files().key(), one.files().certificate());
            assertThat(swapped.problems(vertx))
                    .containsExactly(
                            "The TLS file " + swapped.certificate() + " holds no certificate in PEM form.",
                            "The TLS file " + swapped.key() + " holds no private key in PEM form.");
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void both_families_are_served_by_several_threads() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = Edge.edge()
                        .threads(3)
                        .listeners(ListenerConfig.plain("127.0.0.1", 0), ListenerConfig.plain("::1", 0))
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start()) {
            for (var listener : edge.service().listeners()) {
                for (int i = 0; i < 4; i++) {
                    try (var client =
                            new RawClient(new Socket(InetAddress.ofLiteral(listener.address()), listener.port()))) {
                        assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
                    }
                }
            }
            assertThat(edge.service().listeners())
                    .extracting(l -> l.publicPort())
                    .containsExactly(80, 80);
        }
    }

    @Test
    void the_origin_port_follows_the_public_port() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = Edge.edge()
                        .listeners(new ListenerConfig(
                                "127.0.0.1", 0, OptionalInt.of(origin.port()), Optional.empty(), true, false))
                        .site("example.com", "+a.example.com A 127.0.0.1")
                        .start();
                var client = edge.client()) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
        }
    }

    @Test
    void the_trace_tells_what_is_true() throws Exception {
        try (var edge = Edge.edge().start();
                var client = edge.client()) {
            String trace = client.get("anything.example", "/cdn-cgi/trace", "User-Agent: me")
                    .text();

            assertThat(trace)
                    .contains(
                            "fl=node-1\n",
                            "h=anything.example\n",
                            "ip=127.0.0.1\n",
                            "visit_scheme=http\n",
                            "uag=me\n",
                            "colo=TST\n",
                            "http=http/1.1\n",
                            "tls=off\n",
                            "sni=off\n");
            assertThat(trace).containsPattern("(?m)^ts=\\d+\\.\\d{3}$");
        }
    }

    @Test
    void the_trace_over_tls_names_version_and_sni_and_another_sites_host_is_1013() throws Exception {
        try (var pem = TestCertificate.create("a.example.com");
                var edge = Edge.edge()
                        .listeners(pem.listener())
                        .site("example.com", "+a.example.com A 192.0.2.1", "+b.example.com A 192.0.2.1")
                        .site("example.org", "+c.example.org A 192.0.2.1")
                        .start();
                var client = pem.client(edge.port(), "a.example.com")) {
            String trace = client.get("a.example.com", "/cdn-cgi/trace").text();
            assertThat(trace).contains("tls=TLSv1.3\n", "sni=plaintext\n", "visit_scheme=https\n");

            var other = client.get("c.example.org", "/", "Accept: application/json");
            assertThat(other.status()).isEqualTo(421);
            assertThat(other.text()).contains("\"error_code\":1013");
        }
    }

    @Test
    void reserved_paths_never_reach_an_origin_and_errors_can_be_previewed() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = Edge.edge()
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = edge.client()) {
            assertThat(client.get("a.example.com", "/cdn-cgi/x").status()).isEqualTo(404);
            assertThat(client.get("a.example.com", "/x/%2e%2e/cdn-cgi/trace").status())
                    .isEqualTo(404);
            var preview = client.get("a.example.com", "/cdn-cgi/error/1016");
            assertThat(preview.status()).isEqualTo(530);
            assertThat(preview.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(preview.text()).contains("Error 1016", preview.header("CF-Ray"));
            assertThat(origin.connections()).isZero();
        }
    }

    @Test
    void a_change_of_the_view_is_a_change_of_the_route() throws Exception {
        try (var one = RawOrigin.answering(OK);
                var two = RawOrigin.answering(OK.replace("ok", "ko"));
                var edge = Edge.edge()
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", one.port())
                        .origin("192.0.2.2", two.port())
                        .start();
                var client = edge.client()) {
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ok");
            edge.site("example.com", "+*.example.com A 192.0.2.2");
            assertThat(client.get("a.example.com", "/").text()).isEqualTo("ko");
        }
    }

    @Test
    void a_trusted_proxy_names_the_client() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    String head = connection.readHead();
                    String seen = head.replaceAll("(?s).*CF-Connecting-IP: ([^\r]*).*", "$1");
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + seen.length() + "\r\n\r\n" + seen);
                });
                var edge = Edge.edge()
                        .trusted("127.0.0.0/8")
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = edge.client()) {
            assertThat(client.get("a.example.com", "/", "X-Forwarded-For: 6.6.6.6, 203.0.113.5")
                            .text())
                    .isEqualTo("203.0.113.5");
        }
    }

    @Test
    void a_trusted_proxy_names_the_client_in_the_field_that_is_agreed_on_alone() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    String head = connection.readHead();
                    String seen = head.replaceAll("(?s).*CF-Connecting-IP: ([^\r]*).*", "$1")
                            + head.replaceAll("(?s).*X-Forwarded-Proto: ([^\r]*).*", " $1");
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + seen.length() + "\r\n\r\n" + seen);
                });
                var edge = Edge.edge()
                        .trusted("127.0.0.0/8", "10.0.0.0/8")
                        .namingClientsInForwarded()
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = edge.client()) {
            assertThat(client.get(
                                    "a.example.com",
                                    "/",
                                    "X-Forwarded-For: 6.6.6.6",
                                    "Forwarded: for=7.7.7.7;proto=http, for=\"203.0.113.5:99\";proto=https, for=10.0.0.7;proto=http")
                            .text())
                    .isEqualTo("203.0.113.5 https");
        }
    }

    @Test
    void a_closed_service_listens_no_more_even_with_a_client_in_the_middle_of_an_answer() throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                    while (true) {
                        connection.peer().send(new byte[65536]);
                    }
                });
                var edge = Edge.edge()
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = edge.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n").readHead();
            int port = edge.port();
            edge.service().close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);

            new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")).close();
        }
    }

    @Test
    void counters_have_names() throws Exception {
        try (var edge = Edge.edge().start();
                var client = edge.client()) {
            client.get("nobody.example", "/");
            Await.until(() -> edge.counters().all().get("requests") == 1);
            assertThat(edge.counters().all())
                    .containsEntry("answers_5xx", 1L)
                    .containsEntry("error_1001", 1L)
                    .containsEntry("connections_open", 1L);
        }
    }
}
