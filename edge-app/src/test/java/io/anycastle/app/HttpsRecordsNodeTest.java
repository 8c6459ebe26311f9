package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ListenerAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node answers HTTPS records for the names that its certificate is good for. */
final class HttpsRecordsNodeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void a_proxied_name_tells_how_it_is_reached_by_tls_if_the_certificate_is_good_for_it() throws Exception {
        SelfSigned files = SelfSigned.make(folder, "covered.test", "*.covered.test");
        List<ListenerAddress> https = List.of(new ListenerAddress(InetAddress.ofLiteral("127.0.0.1"), 0, 8443));
        try (TestNode node = TestNode.start(
                folder.resolve("data"),
                config -> config.with(Keys.HTTPS_LISTEN, https)
                        .with(Keys.CERTIFICATE, Optional.of(files.certificate()))
                        .with(Keys.CERTIFICATE_KEY, Optional.of(files.key())))) {
            String zone = node.addZone("covered.test");
            node.addProxied(zone, "www", "192.0.2.1");
            node.addProxied(zone, "a.b", "192.0.2.1");

            assertThat(node.dns("www.covered.test", "HTTPS"))
                    .isEqualTo("1 . alpn=h3,h2 port=8443 ipv4hint=198.51.100.1");
            assertThat(node.dns("a.b.covered.test", "HTTPS")).isEmpty();
        }
    }
}
