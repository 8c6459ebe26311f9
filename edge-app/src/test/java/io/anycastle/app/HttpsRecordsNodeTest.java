package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.config.Keys;
import io.anycastle.app.config.Listener;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node answers HTTPS records for the names that its certificate is good for. */
final class HttpsRecordsNodeTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void a_proxied_name_tells_how_it_is_reached_by_tls_if_the_certificate_is_good_for_it() throws Exception {
        certificate();
        List<Listener> https = List.of(new Listener(InetAddress.ofLiteral("127.0.0.1"), 0, 8443));
        try (TestNode node = TestNode.start(
                folder.resolve("data"),
                config -> config.with(Keys.HTTPS_LISTEN, https)
                        .with(Keys.CERTIFICATE, Optional.of(folder.resolve("chain.pem")))
                        .with(Keys.CERTIFICATE_KEY, Optional.of(folder.resolve("key.pem"))))) {
            String zone = node.addZone("covered.test");
            proxied(node, zone, "www");
            proxied(node, zone, "a.b");

            assertThat(node.dns("www.covered.test", "HTTPS")).isEqualTo("1 . port=8443 ipv4hint=198.51.100.1");
            assertThat(node.dns("a.b.covered.test", "HTTPS")).isEmpty();
        }
    }

    private static void proxied(TestNode node, String zone, String name) {
        JsonObject record = new JsonObject()
                .put("type", "A")
                .put("name", name)
                .put("content", "192.0.2.1")
                .put("proxied", true);
        assertThat(node.post("/zones/" + zone + "/dns_records", record).status())
                .isEqualTo(200);
    }

    private void certificate() throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=covered.test",
                        "-ext",
                        "san=dns:covered.test,dns:*.covered.test",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        pem("chain.pem", "CERTIFICATE", keys.getCertificate("a").getEncoded());
        pem("key.pem", "PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
    }

    private void pem(String file, String type, byte[] octets) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(octets);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
