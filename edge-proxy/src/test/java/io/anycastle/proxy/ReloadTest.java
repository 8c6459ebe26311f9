package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.failure.ListenException;
import io.anycastle.core.geo.GeoConfig;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.listen.ListenerStatus;
import io.anycastle.proxy.listen.TlsFiles;
import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.log.LogTarget;
import io.anycastle.proxy.wire.Http3Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change of the configuration does to listeners, certificates, connections to origins and the log. */
class ReloadTest {
    private static final String HOST = "a.example.com";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T each) {
        opened.add(each);
        return each;
    }

    private Edge edge(RawOrigin origin) {
        return opened(Edge.edge())
                .tls(OriginTlsMode.FLEXIBLE)
                .site("example.com", "+a.example.com A 192.0.2.1")
                .origin("192.0.2.1", origin.port());
    }

    private RawOrigin origin() throws IOException {
        return opened(RawOrigin.answering(OK));
    }

    private static void reload(Edge edge) throws Exception {
        edge.service().change(edge.config()).await(20, TimeUnit.SECONDS);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void a_listener_that_comes_is_opened_and_one_that_goes_takes_no_more_but_keeps_its_connections() throws Exception {
        ListenerConfig first = ListenerConfig.plain("127.0.0.1", freePort());
        ListenerConfig second = ListenerConfig.plain("127.0.0.1", freePort());
        Edge edge = edge(origin()).listeners(first).start();
        try (RawClient kept = new RawClient(first.port())) {
            assertThat(kept.get(HOST, "/").text()).isEqualTo("ok");
            reload(edge.listeners(first, second));
            try (RawClient fresh = new RawClient(second.port())) {
                assertThat(fresh.get(HOST, "/").text()).isEqualTo("ok");
                reload(edge.listeners(second));
                assertThatThrownBy(() -> new RawClient(first.port())).isInstanceOf(ConnectException.class);
                assertThat(kept.get(HOST, "/").text()).isEqualTo("ok");
                assertThat(fresh.get(HOST, "/").text()).isEqualTo("ok");
            }
            assertThat(edge.service().listeners())
                    .extracting(ListenerStatus::port)
                    .containsExactly(second.port());
            reload(edge.listeners(first, second));
            try (RawClient again = new RawClient(first.port())) {
                assertThat(again.get(HOST, "/").text()).isEqualTo("ok");
            }
        }
    }

    @Test
    void a_change_that_cannot_be_made_as_a_whole_changes_nothing() throws Exception {
        ListenerConfig first = ListenerConfig.plain("127.0.0.1", freePort());
        ListenerConfig second = ListenerConfig.plain("127.0.0.1", freePort());
        Edge edge = edge(origin()).listeners(first).start();
        ListenerConfig gone = new ListenerConfig(
                "127.0.0.1",
                freePort(),
                OptionalInt.empty(),
                Optional.of(new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"))),
                true,
                false);
        try (RawClient kept = new RawClient(first.port());
                ServerSocket busy = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            edge.requestBytesMax(1)
                    .listeners(first, second, gone, ListenerConfig.plain("127.0.0.1", busy.getLocalPort()));
            assertThatThrownBy(() -> reload(edge))
                    .isInstanceOfSatisfying(
                            ListenException.class,
                            refused -> assertThat(refused.problems())
                                    .containsExactlyInAnyOrder(
                                            "The TLS file " + folder.resolve("cert.pem") + " cannot be read.",
                                            "The TLS file " + folder.resolve("key.pem") + " cannot be read.",
                                            "The http listener cannot use 127.0.0.1 port " + busy.getLocalPort()
                                                    + ": another program is listening there."));
            Await.until(() -> isClosed(second));
            assertThat(post(kept)).isEqualTo(200);
            edge.listeners(first)
                    .geo(new GeoConfig(
                            Optional.of(folder.resolve("none.mmdb")), Optional.empty(), Duration.ofMinutes(1)));
            assertThatThrownBy(() -> reload(edge))
                    .isInstanceOf(ListenException.class)
                    .hasMessageContaining("none.mmdb");
            assertThat(post(kept)).isEqualTo(200);
            reload(edge.geo(GeoConfig.NONE));
            assertThat(post(kept)).isEqualTo(413);
        }
    }

    private static boolean isClosed(ListenerConfig listener) {
        try {
            new RawClient(listener.port()).close();
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_socket_that_the_node_itself_is_in_the_way_of_wants_a_restart() throws Exception {
        int port = freePort();
        Edge edge = edge(origin())
                .listeners(ListenerConfig.plain("127.0.0.1", port))
                .start();
        edge.listeners(ListenerConfig.plain("0.0.0.0", port));
        assertThatThrownBy(() -> reload(edge))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("that takes a restart");
    }

    @Test
    void a_certificate_that_was_replaced_is_shown_to_who_comes_and_connections_stay() throws Exception {
        TestCertificate certificate = opened(TestCertificate.create(HOST));
        TestCertificate other = opened(TestCertificate.create("other.example.net"));
        Edge edge = edge(origin()).listeners(certificate.listener()).start();
        String before = name(edge);
        assertThat(nameInHttp3(edge)).isEqualTo(before);
        try (RawClient kept = certificate.client(edge.port(), HOST)) {
            assertThat(kept.get(HOST, "/").text()).isEqualTo("ok");
            Files.copy(
                    other.files().certificate(),
                    certificate.files().certificate(),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.copy(other.files().key(), certificate.files().key(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(name(edge)).isEqualTo(before);
            reload(edge);
            assertThat(name(edge)).isNotEqualTo(before);
            assertThat(nameInHttp3(edge)).isEqualTo(name(edge));
            assertThat(kept.get(HOST, "/").text()).isEqualTo("ok");
        }
    }

    private static String name(Edge edge) throws Exception {
        try (SSLSocket socket = TestCertificate.socket(edge.port(), HOST)) {
            socket.startHandshake();
            return name(socket.getSession().getPeerCertificates()[0]);
        }
    }

    private static String nameInHttp3(Edge edge) throws Exception {
        try (Http3Client client = new Http3Client(edge.port(), HOST)) {
            return name(client.certificate());
        }
    }

    private static String name(Certificate certificate) throws Exception {
        return String.valueOf(((X509Certificate) certificate).getSubjectAlternativeNames());
    }

    private static boolean speaksHttp3(Edge edge) throws IOException {
        try (Http3Client client = new Http3Client(edge.port(), HOST, Duration.ofSeconds(1))) {
            return client.quic().isActive();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void http3_comes_and_goes_with_its_setting() throws Exception {
        TestCertificate certificate = opened(TestCertificate.create(HOST));
        ListenerConfig with = certificate.listener();
        ListenerConfig without =
                new ListenerConfig(with.address(), with.port(), with.publicPort(), with.tls(), true, false);
        Edge edge = edge(origin()).listeners(without).start();
        assertThat(speaksHttp3(edge)).isFalse();
        reload(edge.listeners(with));
        nameInHttp3(edge);
        reload(edge.listeners(without));
        assertThat(speaksHttp3(edge)).isFalse();
        reload(edge.listeners(with));
        nameInHttp3(edge);
    }

    @Test
    void connections_to_origins_that_nobody_uses_are_closed() throws Exception {
        RawOrigin origin = origin();
        Edge edge = edge(origin).start();
        try (RawClient client = edge.client()) {
            for (int i = 1; i <= 3; i++) {
                client.get(HOST, "/");
                client.get(HOST, "/");
                assertThat(origin.connections()).isEqualTo(i);
                reload(edge);
            }
        }
        Await.until(() -> origin.openConnections() == 0);
    }

    @Test
    void lines_of_the_log_go_to_the_new_file_and_none_is_lost() throws Exception {
        Path first = folder.resolve("first.log");
        Path second = folder.resolve("second.log");
        Edge edge = edge(origin()).accessLog(to(first)).start();
        try (RawClient client = edge.client()) {
            client.get(HOST, "/one");
            reload(edge.accessLog(to(second)));
            client.get(HOST, "/two");
            reload(edge.accessLog(AccessLogConfig.DEFAULTS));
            client.get(HOST, "/three");
            reload(edge.accessLog(to(first)));
            client.get(HOST, "/four");
        }
        edge.service().close().await(20, TimeUnit.SECONDS);
        assertThat(paths(first)).containsExactly("/one", "/four");
        assertThat(paths(second)).containsExactly("/two");
    }

    private static AccessLogConfig to(Path file) {
        AccessLogConfig usual = AccessLogConfig.DEFAULTS;
        return new AccessLogConfig(
                true,
                LogTarget.FILE,
                file,
                usual.fileBytesMax(),
                usual.filesKept(),
                Optional.empty(),
                usual.queueBytesMax(),
                usual.delay());
    }

    private static int post(RawClient client) throws IOException {
        client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 5\r\n\r\n12345");
        return client.read().status();
    }

    private static List<String> paths(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> line.replaceFirst(".*\"path\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Test
    void two_changes_at_a_time_are_one_too_many() throws Exception {
        Edge edge = edge(origin()).start();
        var first = edge.service().change(edge.config());
        var second = edge.service().change(edge.config());
        assertThatThrownBy(() -> second.await(20, TimeUnit.SECONDS)).hasMessageContaining("already");
        first.await(20, TimeUnit.SECONDS);
        reload(edge);
    }
}
