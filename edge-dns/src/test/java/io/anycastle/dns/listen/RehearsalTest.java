package io.anycastle.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.tls.CertificateFiles;
import io.anycastle.dns.tls.LiveCertificate;
import io.anycastle.dns.tls.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The handshake that is gone through before any client comes. */
class RehearsalTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestCertificate certificate = TestCertificate.any();
    private final ServerSSLOptions spoken = new ServerSSLOptions();

    RehearsalTest(@TempDir Path folder) throws Exception {
        CertificateFiles files = certificate.writeTo(folder);
        spoken.setKeyCertOptions(KeyCertOptions.wrap(
                        LiveCertificate.read(vertx, files, new DnsCounters()).keys()))
                .setUseAlpn(true)
                .setApplicationLayerProtocols(List.of("dot"));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void it_goes_to_the_end_and_shows_the_certificate(String version) throws Exception {
        spoken.setEnabledSecureTransportProtocols(Set.of(version));
        assertThat(HandshakeWarmUp.of(spoken).await(20, TimeUnit.SECONDS)).containsExactly(certificate.certificate());
    }

    @Test
    void a_handshake_that_no_client_could_end_fails() {
        spoken.setEnabledSecureTransportProtocols(Set.of("TLSv1.1"));
        assertThatThrownBy(() -> HandshakeWarmUp.of(spoken).await(20, TimeUnit.SECONDS))
                .isNotInstanceOf(java.util.concurrent.TimeoutException.class);
    }
}
