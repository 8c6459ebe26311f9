package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.CertificateFiles;
import io.anycastle.dns.tls.TestCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Message;

/** RFC 8484: DNS over HTTPS, as clients see it. */
class DohRfc8484Test {
    private static final String DNS_MESSAGE = "application/dns-message";
    private static final String RECORDS = """
            www   300 A     192.0.2.1
            alias 60  CNAME www
            sub   120 NS    ns.example.net.
            """;

    private final TestCertificate certificate = TestCertificate.any();
    private final CertificateFiles files;

    @AutoClose
    private final ServedZone served = new ServedZone(RECORDS);

    @AutoClose
    private final HttpClient client;

    DohRfc8484Test(@TempDir Path folder) throws Exception {
        files = certificate.writeTo(folder);
        client = HttpClient.newBuilder()
                .sslContext(TestCertificate.trusting(certificate))
                .build();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void get_and_post_are_answered(HttpClient.Version version) throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS, tls());
        for (HttpRequest.Builder request : List.of(
                get(service, encoded(query("www"))),
                post(service, query("www")),
                HttpRequest.newBuilder(uri(service, "?a=b&dns=" + encoded(query("www"))))
                        .GET(),
                post(service, query("www")).setHeader("Content-Type", "Application/DNS-Message; q=1"))) {
            HttpResponse<byte[]> response = send(request.version(version));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.headers().firstValue("content-type")).contains(DNS_MESSAGE);
            assertThat(Asking.tell(new Message(response.body())))
                    .isEqualTo("NOERROR aa | www.example.com. A 192.0.2.1 | |");
        }
        assertThat(service.counters().read())
                .containsEntry("answers.doh.noerror", 4L)
                .containsEntry("doh.refused", 0L);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_1_1, dns.example.com",
        "HTTP_1_1, a_b.px.test",
        "HTTP_2, dns.example.com",
        "HTTP_2, a_b.px.test",
        "HTTP_2, x-.px.test",
        "HTTP_2, -x.px.test"
    })
    void a_client_is_answered_whatever_name_it_asks_by(HttpClient.Version version, String name) throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS, tls());
        SSLContext trusting = TestCertificate.trusting(certificate);
        SSLParameters asking = trusting.getDefaultSSLParameters();
        asking.setServerNames(List.of(TestCertificate.asked(name)));
        try (HttpClient odd = HttpClient.newBuilder()
                .sslContext(trusting)
                .sslParameters(asking)
                .build()) {
            HttpRequest request =
                    get(service, encoded(query("www"))).version(version).build();
            HttpResponse<byte[]> response = odd.send(request, BodyHandlers.ofByteArray());
            assertThat(response.version()).isEqualTo(version);
            assertThat(Asking.tell(new Message(response.body())))
                    .isEqualTo("NOERROR aa | www.example.com. A 192.0.2.1 | |");
        }
        assertThat(service.counters().read())
                .containsEntry("doh.connections", 1L)
                .containsEntry("tls.failed", 0L);
    }

    static Stream<Arguments> lifetimes() {
        return Stream.of(
                Arguments.of("www.example.com.", "A", 300),
                Arguments.of("alias.example.com.", "A", 60),
                Arguments.of("none.example.com.", "A", 1800),
                Arguments.of("www.example.com.", "AAAA", 1800),
                Arguments.of("x.sub.example.com.", "A", 0),
                Arguments.of("www.example.org.", "A", 0));
    }

    @ParameterizedTest
    @MethodSource("lifetimes")
    void an_answer_may_be_kept_as_long_as_its_records_say(String name, String type, int seconds) throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS, tls());
        HttpResponse<byte[]> response =
                send(get(service, encoded(Asking.query(name, type).toWire())));
        assertThat(response.headers().firstValue("cache-control")).contains("max-age=" + seconds);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void a_request_that_asks_nothing_gets_the_status_that_says_why(HttpClient.Version version) throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS, tls());
        byte[] query = query("www");
        byte[] answer = query.clone();
        answer[2] |= (byte) 0x80;
        assertThat(status(HttpRequest.newBuilder(uri(service, "").resolve("/other")), version))
                .isEqualTo(404);
        assertThat(status(get(service, ""), version)).isEqualTo(400);
        assertThat(status(HttpRequest.newBuilder(uri(service, "")), version)).isEqualTo(400);
        assertThat(status(get(service, "***"), version)).isEqualTo(400);
        assertThat(status(get(service, encoded(query) + "=="), version)).isEqualTo(400);
        assertThat(status(get(service, encoded(new byte[5])), version)).isEqualTo(400);
        assertThat(status(get(service, encoded(answer)), version)).isEqualTo(400);
        assertThat(status(get(service, encoded(new byte[4097])), version)).isEqualTo(413);
        assertThat(status(post(service, new byte[0]), version)).isEqualTo(400);
        assertThat(status(post(service, query).setHeader("Content-Type", "text/plain"), version))
                .isEqualTo(415);
        assertThat(status(post(service, new byte[4097]), version)).isEqualTo(413);
        HttpResponse<byte[]> put =
                send(HttpRequest.newBuilder(uri(service, "")).version(version).PUT(BodyPublishers.ofByteArray(query)));
        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(put.headers().firstValue("allow")).contains("GET, POST");
        assertThat(service.counters().read()).containsEntry("doh.refused", 12L);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void a_body_whose_length_nobody_told_is_cut_off_at_the_limit(HttpClient.Version version) throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS, tls());
        HttpRequest.Builder endless = HttpRequest.newBuilder(uri(service, ""))
                .version(version)
                .header("Content-Type", DNS_MESSAGE)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[20_000])));
        assertThat(status(endless, version)).isEqualTo(413);
        assertThat(status(post(service, query("www")), version)).isEqualTo(200);
    }

    @Test
    void a_malformed_query_is_answered_by_dns_itself() throws Exception {
        DnsService service = start(TcpConfig.DEFAULTS, tls());
        byte[] twoQuestions = query("www");
        twoQuestions[5] = 2;
        HttpResponse<byte[]> response = send(post(service, twoQuestions));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Asking.tell(new Message(response.body()))).startsWith("FORMERR");
    }

    @Test
    void kdig_is_answered_by_get_and_post() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/kdig")), "kdig (Debian's knot-dnsutils) is not installed");
        DnsService service = start(TcpConfig.DEFAULTS, tls());
        for (String method : List.of("+https", "+https-get")) {
            Process kdig = new ProcessBuilder(
                            "kdig",
                            "@127.0.0.1",
                            "-p",
                            String.valueOf(
                                    ServedZone.address(service, Transport.DOH).getPort()),
                            "+tls-ca=" + files.certificate(),
                            "+tls-hostname=dns.example.com",
                            "+time=20",
                            method,
                            "www.example.com",
                            "+short")
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(kdig.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("192.0.2.1\n");
        }
    }

    @Test
    void a_connection_that_asks_nothing_in_time_is_closed() throws Exception {
        DnsService service =
                start(TcpConfig.DEFAULTS.withIdleTimeout(Duration.ofMillis(300), Duration.ofMillis(300)), tls());
        Socket trickling = served.connectTls(service, Transport.DOH, certificate);
        trickling.getOutputStream().write("GET /dns-query?dns=".getBytes(StandardCharsets.US_ASCII));
        assertThat(trickling.getInputStream().read()).isEqualTo(-1);
        assertThat(service.counters().read()).containsEntry("tcp.idle", 1L);
    }

    @Test
    void a_proxy_on_this_machine_may_ask_without_tls() throws Exception {
        DnsService service = served.start(ServedZone.LOOPBACK.withHttps(
                HttpsConfig.DEFAULTS.withListen(List.of(), List.of(ServedZone.ANY_PORT))));
        URI uri = URI.create("http://127.0.0.1:"
                + ServedZone.address(service, Transport.DOH).getPort() + "/dns-query?dns=" + encoded(query("www")));
        for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_2, HttpClient.Version.HTTP_1_1)) {
            HttpResponse<byte[]> response =
                    send(HttpRequest.newBuilder(uri).version(version).header("X-Forwarded-For", "192.0.2.9"));
            assertThat(response.version()).isEqualTo(version);
            assertThat(Asking.tell(new Message(response.body()))).startsWith("NOERROR");
        }
    }

    private int status(HttpRequest.Builder request, HttpClient.Version version) throws Exception {
        return send(request.version(version)).statusCode();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofByteArray());
    }

    private static byte[] query(String host) {
        return Asking.query(host + ".example.com.", "A").toWire();
    }

    private static String encoded(byte[] message) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(message);
    }

    private static HttpRequest.Builder get(DnsService service, String encoded) {
        return HttpRequest.newBuilder(uri(service, "?dns=" + encoded));
    }

    private static HttpRequest.Builder post(DnsService service, byte[] message) {
        return HttpRequest.newBuilder(uri(service, ""))
                .header("Content-Type", DNS_MESSAGE)
                .POST(BodyPublishers.ofByteArray(message));
    }

    private static URI uri(DnsService service, String parameters) {
        return URI.create("https://127.0.0.1:"
                + ServedZone.address(service, Transport.DOH).getPort() + "/dns-query" + parameters);
    }

    private TlsConfig tls() {
        return TlsConfig.DEFAULTS.with(files, List.of()).withHandshakeTimeout(ServedZone.PATIENCE);
    }

    private DnsService start(TcpConfig tcp, TlsConfig tls) throws Exception {
        return served.start(ServedZone.LOOPBACK
                .withTcp(tcp)
                .withTls(tls)
                .withHttps(HttpsConfig.DEFAULTS.withListen(List.of(ServedZone.ANY_PORT), List.of())));
    }
}
