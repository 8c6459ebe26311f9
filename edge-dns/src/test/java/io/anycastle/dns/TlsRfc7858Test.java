package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.CertificateFiles;
import io.anycastle.dns.tls.ClientHello;
import io.anycastle.dns.tls.LiveCertificate;
import io.anycastle.dns.tls.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;

/** RFC 7858: DNS in TLS, as clients see it. */
class TlsRfc7858Test {
    private static final int PIPELINED = 5_000;

    /** Of TLS records, alert levels and alerts. */
    private static final byte HANDSHAKE = 22;

    private static final byte ALERT = 21;
    private static final byte FATAL = 2;
    private static final byte PROTOCOL_VERSION = 70;

    /** However many connections there are. */
    private static final TcpConfig LONG_IDLE =
            TcpConfig.DEFAULTS.withIdleTimeout(Duration.ofMinutes(5), Duration.ofMinutes(5));

    private final TestCertificate certificate = TestCertificate.any();
    private final CertificateFiles files;

    @AutoClose
    private final ServedZone served = new ServedZone("www 300 A 192.0.2.1");

    TlsRfc7858Test(@TempDir Path folder) throws Exception {
        files = certificate.writeTo(folder);
    }

    @Test
    void pipelined_queries_are_all_answered_in_order_and_counted_as_dot() throws Exception {
        DnsService service = start(tls());
        SSLSocket client = connect(service, certificate);
        assertThat(client.getApplicationProtocol()).isEqualTo("dot");
        assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
        ByteArrayOutputStream queries = new ByteArrayOutputStream();
        for (int id = 0; id < PIPELINED; id++) {
            queries.writeBytes(Frames.of(id, id % 2 == 0 ? "www.example.com." : "none.example.com."));
        }
        client.getOutputStream().write(queries.toByteArray());
        DataInputStream in = new DataInputStream(client.getInputStream());
        for (int id = 0; id < PIPELINED; id++) {
            assertThat(Frames.read(in).getHeader().getID()).isEqualTo(id);
        }
        assertThat(service.counters().read())
                .containsEntry("answers.dot.noerror", PIPELINED / 2L)
                .containsEntry("answers.dot.nxdomain", PIPELINED / 2L)
                .containsEntry("answers.tcp.noerror", 0L)
                .containsEntry("dot.connections", 1L);
    }

    @Test
    void a_client_that_names_no_protocol_and_speaks_tls_1_2_is_answered() throws Exception {
        SSLSocket client = served.connectTls(start(tls()), Transport.DOT, certificate);
        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        Message answer = Frames.ask(client, "www.example.com.");
        assertThat(Asking.tell(answer)).isEqualTo("NOERROR aa | www.example.com. A 192.0.2.1 | |");
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, dns.example.com",
        "TLSv1.3, a_b.px.test",
        "TLSv1.3, x-.px.test",
        "TLSv1.3, -x.px.test",
        "TLSv1.2, a_b.px.test",
        "TLSv1.2, _dns.resolver.arpa"
    })
    void a_client_is_answered_whatever_name_it_asks_by(String version, String name) throws Exception {
        SSLSocket client = served.connectTls(start(tls()), Transport.DOT, certificate);
        client.setEnabledProtocols(new String[] {version});
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"dot"});
        parameters.setServerNames(List.of(TestCertificate.asked(name)));
        client.setSSLParameters(parameters);
        client.startHandshake();
        assertThat(client.getSession().getProtocol()).isEqualTo(version);
        assertThat(client.getApplicationProtocol()).isEqualTo("dot");
        Message answer = Frames.ask(client, "www.example.com.");
        assertThat(Asking.tell(answer)).isEqualTo("NOERROR aa | www.example.com. A 192.0.2.1 | |");
    }

    @Test
    void a_client_that_asks_by_an_odd_name_is_shown_the_new_certificate_too() throws Exception {
        DnsService service = start(tls());
        TestCertificate next = TestCertificate.make("next.example.com");
        next.write(files);
        ServedZone.awaitCount(service, "tls.reloads", 1);
        SSLSocket client = served.connectTls(service, Transport.DOT, next);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setServerNames(List.of(TestCertificate.asked("a_b.px.test")));
        client.setSSLParameters(parameters);
        Message answer = Frames.ask(client, "www.example.com.");
        assertThat(Asking.tell(answer)).isEqualTo("NOERROR aa | www.example.com. A 192.0.2.1 | |");
    }

    /** RFC 8996. */
    @ParameterizedTest
    @CsvSource({"SSL 3.0, 0x0300", "TLS 1.0, 0x0301", "TLS 1.1, 0x0302"})
    void a_version_of_tls_before_1_2_is_refused(String version, int number) throws Exception {
        DnsService service = start(tls());
        assertThat(greeted(ServedZone.address(service, Transport.DOT), number))
                .as(version)
                .containsExactly(ALERT, FATAL, PROTOCOL_VERSION);
        ServedZone.awaitCount(service, "tls.failed", 1);
    }

    @Test
    void it_is_refused_where_the_jvm_would_speak_it_too(@TempDir Path folder) throws Exception {
        Path rules = Files.writeString(folder.resolve("java.security"), "jdk.tls.disabledAlgorithms=NULL\n");
        Process server = TlsServerProcess.start(files, "-Djava.security.properties=" + rules);
        try {
            InetSocketAddress address = TlsServerProcess.address(server);
            assertThat(greeted(address, 0x0301)).containsExactly(ALERT, FATAL, PROTOCOL_VERSION);
            assertThat(greeted(address, 0x0302)).containsExactly(ALERT, FATAL, PROTOCOL_VERSION);
            assertThat(greeted(address, 0x0303)).startsWith(HANDSHAKE);
        } finally {
            server.destroyForcibly();
        }
    }

    /** The kind of the record that answers a hello of that version, and the first two octets of what is in it. */
    private byte[] greeted(InetSocketAddress server, int version) throws IOException {
        Socket socket = served.connect(server);
        socket.getOutputStream().write(ClientHello.of(version));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte kind = in.readByte();
        in.skipNBytes(4); // version and length
        return new byte[] {kind, in.readByte(), in.readByte()};
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1"})
    void openssl_cannot_speak_an_old_version_of_tls_to_us(String version) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        int port = ServedZone.address(start(tls()), Transport.DOT).getPort();
        String old = openssl(port, version, "-cipher", "ALL:@SECLEVEL=0");
        assumeFalse(
                old.contains("unknown option") || old.contains("no protocols available"),
                "openssl is built without " + version);
        assertThat(old).contains("alert protocol version").contains("Cipher is (NONE)");
        assertThat(openssl(port, "-tls1_2")).contains("Protocol  : TLSv1.2").doesNotContain("Cipher is (NONE)");
    }

    private static String openssl(int port, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port));
        command.addAll(List.of(options));
        Process openssl = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        return new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void encrypted_listeners_tell_when_their_certificate_ends_and_no_others_do() throws Exception {
        DnsService service = start(tls());
        Instant end =
                ((X509Certificate) certificate.certificate()).getNotAfter().toInstant();
        assertThat(service.certificateExpires()).contains(end);
        assertThat(service.listeners())
                .hasSize(3)
                .allSatisfy(endpoint -> assertThat(endpoint.certificate().map(LiveCertificate::expires))
                        .isEqualTo(endpoint.transport() == Transport.DOT ? Optional.of(end) : Optional.empty()));
    }

    @Test
    void kdig_is_answered() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/kdig")), "kdig (Debian's knot-dnsutils) is not installed");
        int port = ServedZone.address(start(tls()), Transport.DOT).getPort();
        Process kdig = new ProcessBuilder(
                        "kdig",
                        "@127.0.0.1",
                        "-p",
                        String.valueOf(port),
                        "+tls-ca=" + files.certificate(),
                        "+tls-hostname=dns.example.com",
                        "+time=20",
                        "www.example.com",
                        "+short")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(kdig.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("192.0.2.1\n");
    }

    @Test
    void a_replaced_certificate_is_shown_to_new_clients_and_old_connections_go_on() throws Exception {
        TestCertificate next = TestCertificate.make("next.example.com");
        DnsService service = start(tls());
        SSLSocket old = connect(service, certificate);
        next.write(files);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        Certificate shown = certificate.certificate();
        while (!shown.equals(next.certificate()) && System.nanoTime() < end) {
            shown = connect(service, certificate, next).getSession().getPeerCertificates()[0];
        }
        assertThat(shown).isEqualTo(next.certificate());
        Frames.ask(old, "www.example.com.");
        ServedZone.awaitCount(service, "tls.reloads", 1);
    }

    @Test
    void a_client_that_never_speaks_is_closed_when_the_handshake_is_overdue() throws Exception {
        DnsService service = start(tls().withHandshakeTimeout(Duration.ofMillis(200)));
        // A TLS alert at most, then the end.
        assertThat(served.connect(service, Transport.DOT).getInputStream().readAllBytes().length)
                .isLessThan(16);
        ServedZone.awaitCount(service, "tls.failed", 1);
    }

    @Test
    void a_client_that_speaks_without_tls_is_refused_and_its_query_is_not_answered() throws Exception {
        DnsService service = start(tls());
        Socket bare = served.connect(service, Transport.DOT);
        bare.getOutputStream().write(Frames.of(1, "www.example.com."));
        byte[] reply = bare.getInputStream().readAllBytes();
        // A TLS alert at most.
        assertThat(reply.length).isLessThan(16);
        ServedZone.awaitCount(service, "tls.failed", 1);
        assertThat(service.counters().read()).containsEntry("answers.dot.noerror", 0L);
    }

    @Test
    void connections_are_limited_before_tls_costs_anything() throws Exception {
        DnsService service = start(tls().withConnectionsMax(2), LONG_IDLE);
        connect(service, certificate); // and so known to before another comes: each has an event loop of its own
        SSLSocket second = connect(service, certificate);
        assertThat(served.connect(service, Transport.DOT).getInputStream().read())
                .isEqualTo(-1);
        Frames.ask(second, "www.example.com.");
        assertThat(service.counters().read()).containsEntry("tcp.refused", 1L);
    }

    @Test
    void a_certificate_that_cannot_be_read_stops_the_start() throws Exception {
        Files.delete(files.key());
        assertThatThrownBy(() -> start(tls())).hasMessage("TLS file " + files.key() + " is not there");
    }

    private TlsConfig tls() {
        return new TlsConfig(List.of(), Optional.empty(), Duration.ofMillis(100), Duration.ofSeconds(10), 2_000)
                .with(files, List.of(ServedZone.ANY_PORT));
    }

    private DnsService start(TlsConfig tls) throws Exception {
        return start(tls, TcpConfig.DEFAULTS);
    }

    private DnsService start(TlsConfig tls, TcpConfig tcp) throws Exception {
        return served.start(ServedZone.LOOPBACK.withTcp(tcp).withTls(tls));
    }

    private SSLSocket connect(DnsService service, TestCertificate... believed) throws Exception {
        SSLSocket socket = served.connectTls(service, Transport.DOT, believed);
        ServedZone.offer(socket, "dot");
        socket.startHandshake();
        return socket;
    }
}
