package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.dns.tls.TestCertificate;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that shakes hands again and again on one connection costs the server far more than itself (CVE-2011-1473). */
class RenegotiationTest {
    private final TestCertificate certificate = TestCertificate.any();

    @Test
    void a_client_that_wants_to_negotiate_again_is_refused_in_dot_and_doh(@TempDir Path folder) throws Exception {
        Process server = TlsServerProcess.start(certificate.writeTo(folder));
        try {
            List<InetSocketAddress> addresses = TlsServerProcess.addresses(server);
            assertRefused(addresses.getFirst(), Frames.of(1, "www.example.com."));
            assertRefused(addresses.getLast(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(server.isAlive()).isTrue();
        } finally {
            server.destroyForcibly();
        }
    }

    /** What would be answered is not, behind a second handshake. */
    private void assertRefused(InetSocketAddress address, byte[] answered) throws Exception {
        try (SSLSocket client = (SSLSocket) TestCertificate.trusting(certificate)
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort())) {
            client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            client.startHandshake();

            assertThatThrownBy(() -> negotiateAgain(client, answered)).isInstanceOf(IOException.class);
        }
    }

    private static void negotiateAgain(SSLSocket client, byte[] answered) throws IOException {
        client.startHandshake();
        client.getOutputStream().write(answered);
        if (client.getInputStream().read() < 0) {
            throw new EOFException();
        }
    }
}
