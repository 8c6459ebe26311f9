package io.anycastle.dns.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.dns.DnsCounters;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which certificate is shown while its files change. */
class LiveCertificateTest {
    private final Vertx vertx = Vertx.vertx();
    private final DnsCounters counters = new DnsCounters();
    private final TestCertificate one = TestCertificate.make("one");
    private final TestCertificate two = TestCertificate.make("two");
    private final CertificateFiles files;

    LiveCertificateTest(@TempDir Path folder) throws Exception {
        files = new CertificateFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void changed_files_are_shown_and_a_handshake_under_way_keeps_what_it_began_with() throws Exception {
        one.write(files);
        LiveCertificate live = LiveCertificate.read(vertx, files, counters);
        X509ExtendedKeyManager keys = live.keys();
        String before = keys.chooseEngineServerAlias("EC", null, null);
        two.write(files);
        live.look().await(20, TimeUnit.SECONDS);
        String after = keys.chooseEngineServerAlias("EC", null, null);
        assertThat(keys.getCertificateChain(after)).containsExactly((X509Certificate) two.certificate());
        assertThat(keys.getCertificateChain(before)).containsExactly((X509Certificate) one.certificate());
        assertThat(keys.getPrivateKey(before)).isNotEqualTo(keys.getPrivateKey(after));
        assertThat(counters.read()).containsEntry("tls.reloads", 1L).containsEntry("tls.unusable", 0L);
    }

    @Test
    void files_that_are_only_half_replaced_change_nothing_until_the_other_half_is_there() throws Exception {
        one.write(files);
        LiveCertificate live = LiveCertificate.read(vertx, files, counters);
        byte[] oldKey = Files.readAllBytes(files.key());
        two.write(files);
        byte[] newKey = Files.readAllBytes(files.key());
        Files.write(files.key(), oldKey);
        live.look().await(20, TimeUnit.SECONDS);
        live.look().await(20, TimeUnit.SECONDS);
        assertThat(shown(live)).isEqualTo(one.certificate());
        assertThat(counters.read()).containsEntry("tls.unusable", 1L);
        Files.write(files.key(), newKey);
        live.look().await(20, TimeUnit.SECONDS);
        assertThat(shown(live)).isEqualTo(two.certificate());
    }

    @Test
    void files_that_go_away_or_become_garbage_change_nothing() throws Exception {
        one.write(files);
        LiveCertificate live = LiveCertificate.read(vertx, files, counters);
        Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        live.look().await(20, TimeUnit.SECONDS);
        Files.delete(files.key());
        live.look().await(20, TimeUnit.SECONDS);
        assertThat(shown(live)).isEqualTo(one.certificate());
        assertThat(counters.read()).containsEntry("tls.unusable", 2L).containsEntry("tls.reloads", 0L);
    }

    @Test
    void what_is_wrong_with_the_files_is_told_at_the_start() throws Exception {
        assertThatThrownBy(() -> LiveCertificate.read(vertx, files, counters))
                .hasMessage("TLS file " + files.certificate() + " is not there");
        one.write(files);
        byte[] key = Files.readAllBytes(files.key());
        two.write(files);
        Files.write(files.key(), key);
        assertThatThrownBy(() -> LiveCertificate.read(vertx, files, counters))
                .hasMessage("certificate " + files.certificate() + " with key " + files.key()
                        + ": the key is not this certificate's");
    }

    @Test
    void the_end_that_is_told_is_that_of_the_certificate_that_is_shown() throws Exception {
        one.write(files);
        LiveCertificate live = LiveCertificate.read(vertx, files, counters);
        assertThat(live.expires()).isEqualTo(end(one));
        TestCertificate brief = TestCertificate.make("brief", 7);
        brief.write(files);
        live.look().await(20, TimeUnit.SECONDS);
        assertThat(live.expires()).isEqualTo(end(brief)).isBefore(end(one));
    }

    private static Instant end(TestCertificate certificate) {
        return ((X509Certificate) certificate.certificate()).getNotAfter().toInstant();
    }

    private static X509Certificate shown(LiveCertificate live) {
        X509ExtendedKeyManager keys = live.keys();
        return keys.getCertificateChain(keys.chooseEngineServerAlias("EC", null, null))[0];
    }
}
