package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** What TLS does once in the life of a JVM. */
class TlsProcessTest {
    /** A first handshake alone has some eight hundred of its own. */
    private static final int CLASSES_FEW = 120;

    @Test
    void a_client_that_wants_to_negotiate_again_is_refused() throws Exception {
        try (var edge = new EdgeProcess();
                var pem = TestCertificate.create("a.example.com");
                var client = pem.client(edge.tlsPort(), "a.example.com")) {
            SSLSocket socket = (SSLSocket) client.socket();
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThat(client.get("a.example.com", "/cdn-cgi/trace").status()).isEqualTo(200);

            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        client.get("a.example.com", "/cdn-cgi/trace");
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void the_first_handshake_loads_nothing_that_could_have_been_loaded_before() throws Exception {
        try (var edge = new EdgeProcess();
                var pem = TestCertificate.create("a.example.com")) {
            try (var plain = new RawClient(new Socket(InetAddress.getLoopbackAddress(), edge.plainPort()))) {
                assertThat(plain.get("a.example.com", "/cdn-cgi/trace").status())
                        .isEqualTo(200);
            }
            long before = edge.classes();
            try (var client = pem.client(edge.tlsPort(), "a.example.com")) {
                assertThat(client.get("a.example.com", "/cdn-cgi/trace").status())
                        .isEqualTo(200);
            }

            assertThat(edge.classes() - before).isLessThan(CLASSES_FEW);
        }
    }
}
