package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.tls.CertificateFiles;
import io.anycastle.dns.tls.TestCertificate;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;

/** RFC 7858: DNS in TLS, as clients see it. */
class TlsRfc7858Test {
    private static final int PIPELINED = 5_000;
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    private final CurrentView view = new CurrentView();
    private final Vertx vertx = Vertx.vertx();
    private final List<Socket> sockets = new ArrayList<>();
    private final TestCertificate certificate = TestCertificate.any();
    private final CertificateFiles files;

    TlsRfc7858Test(@TempDir Path folder) throws Exception {
        var zone = ZoneText.active("example.com", "www 300 A 192.0.2.1");
        view.update(zone, zone.names().keySet());
        files = new CertificateFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        certificate.write(files);
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        vertx.close().await(20, TimeUnit.SECONDS);
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
        SSLSocket client = unshaken(start(tls()), certificate);
        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        Message answer = Frames.ask(client, "www.example.com.");
        assertThat(Asking.tell(answer)).isEqualTo("NOERROR aa | www.example.com. A 192.0.2.1 | |");
    }

    @Test
    void kdig_is_answered() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/kdig")), "kdig (Debian's knot-dnsutils) is not installed");
        int port = address(start(tls())).getPort();
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
        assertThat(service.counters().read()).containsEntry("tls.reloads", 1L);
    }

    @Test
    void a_client_that_never_speaks_is_closed_when_the_handshake_is_overdue() throws Exception {
        DnsService service = start(tls().withHandshakeTimeout(Duration.ofMillis(200)));
        // A TLS alert at most, then the end.
        assertThat(bare(service).getInputStream().readAllBytes().length).isLessThan(16);
        awaitCount(service, "tls.failed", 1);
    }

    @Test
    void a_client_that_speaks_without_tls_is_refused_and_its_query_is_not_answered() throws Exception {
        DnsService service = start(tls());
        Socket bare = bare(service);
        bare.getOutputStream().write(Frames.of(1, "www.example.com."));
        byte[] reply = bare.getInputStream().readAllBytes();
        // A TLS alert at most.
        assertThat(reply.length).isLessThan(16);
        awaitCount(service, "tls.failed", 1);
        assertThat(service.counters().read()).containsEntry("answers.dot.noerror", 0L);
    }

    @Test
    void connections_are_limited_before_tls_costs_anything() throws Exception {
        DnsService service = start(tls().withConnectionsMax(2));
        bare(service);
        SSLSocket second = connect(service, certificate);
        assertThat(bare(service).getInputStream().read()).isEqualTo(-1);
        Frames.ask(second, "www.example.com.");
        assertThat(service.counters().read()).containsEntry("tcp.refused", 1L);
    }

    @Test
    void a_certificate_that_cannot_be_read_stops_the_start() throws Exception {
        Files.delete(files.key());
        assertThatThrownBy(() -> start(tls())).hasMessage("TLS file " + files.key() + " is not there");
    }

    private TlsConfig tls() {
        return new TlsConfig(
                        List.of(), java.util.Optional.empty(), Duration.ofMillis(100), Duration.ofSeconds(10), 2_000)
                .with(files, List.of(ANY_PORT));
    }

    private DnsService start(TlsConfig tls) throws Exception {
        DnsConfig config = DnsConfig.DEFAULTS.withListen(List.of(ANY_PORT)).withTls(tls);
        return DnsService.start(vertx, config, view).await(20, TimeUnit.SECONDS);
    }

    private static void awaitCount(DnsService service, String counter, long least) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (service.counters().read().getOrDefault(counter, 0L) < least && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(service.counters().read().get(counter)).isEqualTo(least);
    }

    private static InetSocketAddress address(DnsService service) {
        return service.listeners().stream()
                .filter(endpoint -> endpoint.transport() == Transport.DOT)
                .findFirst()
                .orElseThrow()
                .address();
    }

    private Socket bare(DnsService service) throws IOException {
        InetSocketAddress address = address(service);
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private SSLSocket unshaken(DnsService service, TestCertificate... believed) throws Exception {
        InetSocketAddress address = address(service);
        SSLSocket socket = (SSLSocket) TestCertificate.trusting(believed)
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private SSLSocket connect(DnsService service, TestCertificate... believed) throws Exception {
        SSLSocket socket = unshaken(service, believed);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"dot"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
