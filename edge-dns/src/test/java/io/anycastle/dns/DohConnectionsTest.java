package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.limit.Networks;
import io.anycastle.dns.DnsCounters.Event;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.Transport;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.tls.CertificateFiles;
import io.anycastle.dns.tls.ClientHello;
import io.anycastle.dns.tls.TestCertificate;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many connections DNS over HTTPS takes: each counts from its accept to its end, whatever is spoken on it. */
class DohConnectionsTest {
    private static final Duration LONG = ServedZone.PATIENCE;
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int CONNECTIONS_MAX = 3;

    /** What an HTTP/2 client says first (RFC 9113 section 3.4), with settings that change nothing. */
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4\0\0\0\0\0";

    private final TestCertificate certificate = TestCertificate.any();
    private final CertificateFiles files;

    @AutoClose
    private final ServedZone served = new ServedZone("www 300 A 192.0.2.1");

    DohConnectionsTest(@TempDir Path folder) throws Exception {
        files = certificate.writeTo(folder);
    }

    @Test
    void connections_that_say_nothing_are_limited_as_those_that_speak() throws Exception {
        DnsService service = served.start(encrypted(LONG));
        assertOneIsLeftOut(service, Event.TCP_REFUSED, CONNECTIONS_MAX);
        assertThat(service.counters().read())
                .containsEntry("doh.connections", 0L)
                .containsEntry("tls.failed", 0L);
    }

    @Test
    void one_network_holds_no_more_of_them_than_its_share() throws Exception {
        DnsService service = served.start(encrypted(LONG)
                .withGuard(GuardConfig.DEFAULTS
                        .withNetworks(new Networks(24, 56, List.of()))
                        .withConnectionsMax(1)));
        assertOneIsLeftOut(service, Event.TCP_CROWDED, 1);
    }

    /** Which one it is the event loops decide. */
    private void assertOneIsLeftOut(DnsService service, Event event, int places) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i <= places; i++) {
            SocketChannel client = bare(service).getChannel();
            client.configureBlocking(false);
            clients.add(client);
        }
        long end = System.nanoTime() + LONG.toNanos();
        int closed = 0;
        while (closed == 0 && System.nanoTime() < end) {
            for (SocketChannel client : clients) {
                closed += client.read(ByteBuffer.allocate(1)) < 0 ? 1 : 0;
            }
        }
        assertThat(closed).isEqualTo(1);
        assertThat(service.counters().read(event)).isEqualTo(1);
    }

    /** How a connection comes to its end. */
    @FunctionalInterface
    interface Ending {
        void run(DohConnectionsTest test, DnsService service) throws Exception;
    }

    @SuppressWarnings("ImmutableEnumChecker") // the endings keep nothing
    enum End {
        CLIENT_LEAVES_UNHEARD((test, service) -> test.bare(service).close()),
        CLIENT_RESETS_UNHEARD((test, service) -> {
            Socket socket = test.bare(service);
            socket.setSoLinger(true, 0);
            socket.close();
        }),
        HANDSHAKE_IS_OVERDUE((test, service) -> drain(test.bare(service))),
        CLIENT_SPEAKS_WITHOUT_TLS((test, service) -> {
            Socket socket = test.bare(service);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            drain(socket);
        }),
        CLIENT_TRUSTS_NOBODY((test, service) -> {
            TestCertificate stranger = TestCertificate.make("stranger.example.com");
            try (SSLSocket socket = test.served.connectTls(service, Transport.DOH, stranger)) {
                assertThatThrownBy(socket::startHandshake).hasMessageContaining("certification path");
            }
        }),
        CLIENT_KNOWS_ANOTHER_PROTOCOL_ALONE((test, service) ->
                assertThatThrownBy(() -> test.spoken(service, "imap")).hasMessageContaining("no_application_protocol")),
        CLIENT_LEAVES_HTTP_1_1(
                (test, service) -> test.spoken(service, "http/1.1").close()),
        CLIENT_LEAVES_HTTP_2((test, service) -> test.spoken(service, "h2").close()),
        IDLE_HTTP_1_1_IS_CLOSED((test, service) -> drain(test.spoken(service, "http/1.1"))),
        HTTP_2_WITHOUT_SETTINGS_IS_CLOSED((test, service) -> drain(test.spoken(service, "h2"))),
        IDLE_HTTP_2_IS_CLOSED((test, service) -> {
            Socket socket = test.spoken(service, "h2");
            socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
            drain(socket);
        }),
        HTTP_1_1_IS_ANSWERED((test, service) -> test.ask(service, "https", HttpClient.Version.HTTP_1_1)),
        HTTP_2_IS_ANSWERED((test, service) -> test.ask(service, "https", HttpClient.Version.HTTP_2));

        private final Ending ending;

        End(Ending ending) {
            this.ending = ending;
        }
    }

    /** Who need not be in time with a handshake, and who is to be late with a query. */
    private static final Set<End> WITHOUT_HANDSHAKE = EnumSet.of(
            End.CLIENT_LEAVES_UNHEARD,
            End.CLIENT_RESETS_UNHEARD,
            End.HANDSHAKE_IS_OVERDUE,
            End.CLIENT_SPEAKS_WITHOUT_TLS);

    private static final Set<End> IDLE =
            EnumSet.of(End.IDLE_HTTP_1_1_IS_CLOSED, End.HTTP_2_WITHOUT_SETTINGS_IS_CLOSED, End.IDLE_HTTP_2_IS_CLOSED);

    @ParameterizedTest
    @EnumSource(End.class)
    void a_connection_gives_its_place_back_however_it_ends_and_only_once(End end) throws Exception {
        Duration idle = IDLE.contains(end) ? SHORT : LONG;
        DnsService service = served.start(encrypted(WITHOUT_HANDSHAKE.contains(end) ? SHORT : LONG)
                .withTcp(TcpConfig.DEFAULTS.withIdleTimeout(idle, idle)));
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            end.ending.run(this, service);
        }
        awaitPlaces(service, () -> greeted(service));
    }

    /** A connection whose handshake has begun, and goes no further: idle it is not, whatever that is here. */
    private Socket greeted(DnsService service) throws IOException {
        Socket socket = bare(service);
        socket.getOutputStream().write(ClientHello.of(0x0303));
        if (socket.getInputStream().read() < 0) {
            throw new IOException("refused");
        }
        return socket;
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void without_tls_too(HttpClient.Version version) throws Exception {
        DnsService service = served.start(plain(LONG));
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            ask(service, "http", version);
        }
        awaitPlaces(service, () -> {
            Socket socket = bare(service);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            if (socket.getInputStream().read() < 0) {
                throw new IOException("refused");
            }
            return socket;
        });
    }

    @Test
    void without_tls_who_says_nothing_is_closed_in_time() throws Exception {
        assertThat(bare(served.start(plain(SHORT))).getInputStream().read()).isEqualTo(-1);
    }

    /** A client that takes a place and keeps it. */
    @FunctionalInterface
    private interface Client {
        Socket enter() throws IOException;
    }

    /** The server notices an end some time after its client. */
    private void awaitPlaces(DnsService service, Client client) throws IOException {
        long end = System.nanoTime() + LONG.toNanos();
        boolean hasAll = false;
        while (!hasAll && System.nanoTime() < end) {
            hasAll = hasAllPlacesAndNoMore(service, client);
        }
        assertThat(hasAll).isTrue();
    }

    private boolean hasAllPlacesAndNoMore(DnsService service, Client client) throws IOException {
        List<Socket> entered = new ArrayList<>();
        long refused = refused(service);
        try {
            while (entered.size() <= CONNECTIONS_MAX) {
                entered.add(client.enter());
            }
            return false;
        } catch (IOException e) {
            return entered.size() == CONNECTIONS_MAX && refused(service) == refused + 1;
        } finally {
            for (Socket socket : entered) {
                socket.close();
            }
        }
    }

    private static long refused(DnsService service) {
        return service.counters().read(Event.TCP_REFUSED);
    }

    private void ask(DnsService service, String scheme, HttpClient.Version version) throws Exception {
        String query = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Asking.query("www.example.com.", "A").toWire());
        URI uri = URI.create(scheme + "://127.0.0.1:"
                + ServedZone.address(service, Transport.DOH).getPort() + "/dns-query?dns=" + query);
        try (HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(TestCertificate.trusting(certificate))
                .build()) {
            HttpResponse<byte[]> response =
                    client.send(HttpRequest.newBuilder(uri).timeout(LONG).build(), BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(version);
        }
    }

    /** Reads until the server has had enough. */
    private static void drain(Socket socket) throws IOException {
        socket.getInputStream().readAllBytes();
    }

    private Socket bare(DnsService service) throws IOException {
        return served.connect(service, Transport.DOH);
    }

    /** A connection whose handshake is over. */
    private SSLSocket spoken(DnsService service, String protocol) throws Exception {
        SSLSocket socket = served.connectTls(service, Transport.DOH, certificate);
        ServedZone.offer(socket, protocol);
        socket.startHandshake();
        return socket;
    }

    private DnsConfig encrypted(Duration handshakeTimeout) {
        return ServedZone.LOOPBACK
                .withTls(TlsConfig.DEFAULTS
                        .with(files, List.of())
                        .withHandshakeTimeout(handshakeTimeout)
                        .withConnectionsMax(CONNECTIONS_MAX))
                .withHttps(HttpsConfig.DEFAULTS.withListen(List.of(ServedZone.ANY_PORT), List.of()));
    }

    private static DnsConfig plain(Duration idleTimeout) {
        return ServedZone.LOOPBACK
                .withTls(TlsConfig.DEFAULTS.withConnectionsMax(CONNECTIONS_MAX))
                .withTcp(TcpConfig.DEFAULTS.withIdleTimeout(idleTimeout, idleTimeout))
                .withHttps(HttpsConfig.DEFAULTS.withListen(List.of(), List.of(ServedZone.ANY_PORT)));
    }
}
