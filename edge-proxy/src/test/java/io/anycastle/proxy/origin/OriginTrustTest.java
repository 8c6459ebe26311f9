package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.TestCertificate;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose certificate is an origin's in strict mode. */
class OriginTrustTest {
    @ParameterizedTest(name = "{0} with the certificate of {1}: {2}")
    @CsvSource({
        "a.example.com, a.example.com, true",
        "b.example.com, a.example.com, false",
        "a_b.example.com, a.example.com, false",
        "a_b.example.com, a_b.example.com, true",
        "A_B.example.com, a_b.example.com, true",
        "-edge-.example.com, a_b.example.com, true",
        "x.wild_.example.com, a_b.example.com, true",
        "x.y.wild_.example.com, a_b.example.com, false",
        "wild_.example.com, a_b.example.com, false",
        "-edge.example.com, a_b.example.com, false",
    })
    void a_certificate_is_the_hosts_or_nobodys(String host, String certificate, boolean isTaken) throws Exception {
        try (var pem = TestCertificate.create(certificate)) {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new OriginTrust(pem.authority())}, null);
            SSLEngine client = named(context, host);
            SSLEngine server = pem.server().createSSLEngine();
            server.setUseClientMode(false);

            assertThat(shake(client, server)).isEqualTo(isTaken);
        }
    }

    @ParameterizedTest
    @CsvSource({"a.example.com, a.example.com", "a_b.example.com, a_b.example.com"})
    void a_certificate_that_no_authority_vouches_for_is_nobodys(String host, String certificate) throws Exception {
        try (var pem = TestCertificate.create(certificate);
                var other = TestCertificate.create("other.example.net")) {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new OriginTrust(other.authority())}, null);
            SSLEngine client = named(context, host);
            SSLEngine server = pem.server().createSSLEngine();
            server.setUseClientMode(false);

            assertThat(shake(client, server)).isFalse();
        }
    }

    private static SSLEngine named(SSLContext context, String host) {
        SSLEngine client = context.createSSLEngine(host, 443);
        client.setUseClientMode(true);
        PeerName.tell(client, true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setServerNames(List.of()); // the JDK's server, unlike others, refuses what is no host for it
        client.setSSLParameters(parameters);
        return client;
    }

    private static boolean shake(SSLEngine client, SSLEngine server) {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16).flip();
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16).flip();
        try {
            for (int i = 0; i < 100 && !(isDone(client) && isDone(server) && i > 0); i++) {
                step(client, toClient, toServer);
                step(server, toServer, toClient);
            }
        } catch (SSLException e) {
            return false;
        }
        return isDone(client) && isDone(server);
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && !engine.getSession().getProtocol().equals("NONE");
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(1 << 16);
        out.compact();
        engine.wrap(ByteBuffer.allocate(0), out);
        out.flip();
        if (in.hasRemaining()) {
            engine.unwrap(in, plain);
        }
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }
}
