package io.anycastle.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.proxy.Await;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.TestCertificate;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8446, with the JDK's TLS as the client. When all is over, nothing is held of the connections, neither buffers nor native parts. */
class NativeTlsHandlerTest {
    private static final String HOST = "a.example.com";

    private TestCertificate certificate;
    private NativeTlsContext tls;
    private EchoServer server;

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.create(HOST);
        tls = NativeTlsContext.server(
                Files.readAllBytes(certificate.files().certificate()),
                Files.readAllBytes(certificate.files().key()),
                List.of("h2", "http/1.1"));
        server = new EchoServer(tls, Duration.ofSeconds(20));
    }

    @AfterEach
    void nothing_is_left() throws Exception {
        Await.until(() -> tls.refCnt() == 1);
        Await.until(() -> server.held() == 0);
        server.close();
        tls.release();
        certificate.close();
    }

    private SSLSocket client(String version) throws Exception {
        SSLSocket socket = TestCertificate.socket(server.port(), HOST, "http/1.1");
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void what_is_said_comes_back_whatever_the_sizes(String version) throws Exception {
        Random random = new Random(1);
        try (SSLSocket client = client(version)) {
            client.startHandshake();
            assertThat(server.event()).isEqualTo(new TlsSession(version, HOST, "http/1.1", false));
            for (int round = 0; round < 60; round++) {
                byte[] said = new byte[random.nextInt(1 << (1 + random.nextInt(19)))];
                random.nextBytes(said);
                Thread writer = Thread.ofVirtual().start(() -> send(client, said));
                assertThat(client.getInputStream().readNBytes(said.length)).isEqualTo(said);
                writer.join();
            }
        }
    }

    private static void send(SSLSocket client, byte[] octets) {
        try {
            client.getOutputStream().write(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_that_has_said_all_is_answered(String version) throws Exception {
        try (SSLSocket client = client(version)) {
            client.getOutputStream().write('x');
            client.shutdownOutput();
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("xbye");
        }
    }

    @Test
    void a_handshake_that_comes_octet_by_octet_is_completed() throws Exception {
        try (Socket trickle = new Trickle(server.port());
                SSLSocket client = over(trickle)) {
            client.getOutputStream().write("drop by drop".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(12)).asString().isEqualTo("drop by drop");
        }
    }

    private static SSLSocket over(Socket socket) throws Exception {
        return TestCertificate.over(socket, HOST, "http/1.1");
    }

    /** Sends each octet by itself. */
    private static final class Trickle extends Socket {
        Trickle(int port) throws IOException {
            connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            setTcpNoDelay(true);
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()); // which writes arrays octet by octet
        }
    }

    @Test
    void a_record_that_nobody_has_sealed_ends_the_connection_with_an_alert() throws Exception {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
                SSLSocket client = over(plain)) {
            client.startHandshake();
            assertThat(server.event()).isInstanceOf(TlsSession.class);
            byte[] forged = new byte[5 + 40];
            forged[0] = 23;
            forged[1] = 3;
            forged[2] = 3;
            forged[4] = 40;
            plain.getOutputStream().write(forged);
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("bad_record_mac");
            assertThat(server.event()).isInstanceOf(SSLException.class);
            assertThat(server.event()).isEqualTo("closed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u0004\u0001\u0000\u0000\u0000",
                "\u0015\u0003\u0001\u0000\u0002\u0002("
            })
    void what_is_no_handshake_is_not_answered_but_by_an_alert(String said) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(said);
            byte[] answer = client.socket().getInputStream().readAllBytes();
            assertThat(answer.length == 0 || answer[0] == 21)
                    .as(Arrays.toString(answer))
                    .isTrue();
            assertThat(server.event()).isInstanceOf(SslHandshakeCompletionEvent.class);
        }
    }

    @Test
    void a_client_that_goes_in_the_middle_of_its_first_message_leaves_nothing() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send("\u0016\u0003\u0001\u0002\u0000\u0001\u0000");
        }
        assertThat(server.event()).isInstanceOf(SslHandshakeCompletionEvent.class);
        assertThat(server.event()).isEqualTo("closed");
    }

    @Test
    void a_handshake_has_its_time() throws Exception {
        try (EchoServer hasty = new EchoServer(tls, Duration.ofMillis(200));
                RawClient client = new RawClient(hasty.port())) {
            client.send("\u0016\u0003\u0001");
            assertThat(client.socket().getInputStream().read()).isEqualTo(-1);
            assertThat(hasty.event()).isInstanceOf(SslHandshakeCompletionEvent.class);
            assertThat(hasty.event()).isEqualTo("closed");
        }
    }

    @Test
    void a_key_that_is_none_is_refused() throws Exception {
        byte[] chain = Files.readAllBytes(certificate.files().certificate());
        assertThatThrownBy(() -> NativeTlsContext.server(chain, new byte[] {'x'}, List.of("h2")))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("BoringSSL cannot use");
    }
}
