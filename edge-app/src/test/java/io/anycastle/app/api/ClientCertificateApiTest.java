package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.Answer;
import io.anycastle.app.SelfSigned;
import io.anycastle.app.TestNode;
import io.anycastle.app.cli.Screen;
import io.anycastle.core.model.ClientCertificate;
import io.anycastle.core.model.DomainName;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate that a zone's origins are shown: its key goes into the store sealed, and never out. */
final class ClientCertificateApiTest {
    @TempDir
    private static Path made;

    private static SelfSigned pair;
    private static SelfSigned other;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makePairs() throws Exception {
        pair = SelfSigned.make(Files.createDirectory(made.resolve("one")), "edge.test");
        other = SelfSigned.make(Files.createDirectory(made.resolve("other")), "other.test");
    }

    private static JsonObject body(Path certificate, Path key) throws IOException {
        return new JsonObject()
                .put("certificate", Files.readString(certificate))
                .put("private_key", Files.readString(key));
    }

    private static byte[] octets(Path pem) throws IOException {
        return Base64.getMimeDecoder().decode(Files.readString(pem).replaceAll("-----[A-Z ]+-----", ""));
    }

    @Test
    void a_key_is_sealed_opens_after_a_restart_and_is_never_shown() throws Exception {
        Path data = folder.resolve("data");
        try (TestNode node = TestNode.start(data)) {
            String path = "/zones/" + node.addZone("shown.test") + "/origin_tls_client_auth";
            assertThat(node.get(path).result().getValue("certificate")).isNull();
            Answer put =
                    node.call("PUT", path, body(pair.certificate(), pair.key()).encode());
            assertThat(put.status()).as(put.text()).isEqualTo(200);
            assertThat(put.result().getString("subject")).isEqualTo("CN=edge.test");
            assertThat(put.result().getString("expires_on")).matches("\\d{4}-.*Z");
            assertThat(put.text() + node.get(path).text()).doesNotContain("PRIVATE", "key");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("cluster.key"))))
                .isEqualTo("rw-------");
        String secret = Base64.getEncoder().encodeToString(octets(pair.key()));
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.filter(Files::isRegularFile).map(ClientCertificateApiTest::text))
                    .noneMatch(text -> text.contains("PRIVATE KEY") || text.contains(secret.substring(40, 80)));
        }
        try (TestNode node = TestNode.start(data)) {
            ClientCertificate kept = node.node()
                    .store()
                    .view()
                    .get()
                    .zone(DomainName.of("shown.test"))
                    .orElseThrow()
                    .proxySettings()
                    .client()
                    .orElseThrow();
            byte[] opened = node.node()
                    .membership()
                    .secrets()
                    .open(kept.sealedKey(), kept.place())
                    .orElseThrow();
            assertThat(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(opened)))
                    .isEqualTo(
                            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(octets(pair.key()))));
            assertThat(node.node().membership().secrets().open(kept.sealedKey(), "elsewhere"))
                    .isEmpty();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_is_no_pair_is_refused_and_commands_show_set_and_remove_one() throws Exception {
        try (TestNode node = TestNode.start(folder.resolve("data"))) {
            String zone = "/zones/" + node.addZone("pairs.test");
            String path = zone + "/origin_tls_client_auth";
            String key = Files.readString(pair.key());
            record Case(JsonObject body, List<String> pointers, String rule) {}
            JsonObject good = body(pair.certificate(), pair.key());
            for (Case wrong : List.of(
                    new Case(new JsonObject(), List.of("/certificate", "/private_key"), "is required"),
                    new Case(
                            good.copy().put("certificate", "x"),
                            List.of("/certificate"),
                            "expected certificates in PEM"),
                    new Case(good.copy().put("private_key", "x"), List.of("/private_key"), "in PKCS#8 form"),
                    new Case(
                            good.copy().put("private_key", key.replace("PRIVATE", "EC PRIVATE")),
                            List.of("/private_key"),
                            "openssl pkcs8"),
                    new Case(
                            good.copy().put("private_key", Files.readString(other.key())),
                            List.of("/private_key"),
                            "expected the certificate's private key"),
                    new Case(
                            good.copy().put("private_key", "a".repeat(16_385)),
                            List.of("/private_key"),
                            "at most 16384 characters"))) {
                Answer refused = node.call("PUT", path, wrong.body().encode());
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.pointers()).isEqualTo(wrong.pointers());
                assertThat(refused.text()).contains(wrong.rule());
            }
            assertThat(node.get(zone).header("ETag")).isEqualTo("\"1\"");
            Screen screen = node.screen(folder);
            assertThat(screen.done("zone", "client-certificate", "pairs.test")).contains("shown no certificate");
            assertThat(screen.done(
                            "zone",
                            "client-certificate",
                            "pairs.test",
                            "--certificate",
                            pair.certificate().toString(),
                            "--key",
                            pair.key().toString()))
                    .contains("Subject   CN=edge.test", "Ends on ");
            assertThat(screen.run("zone", "client-certificate", "pairs.test", "--key", "x")
                            .err())
                    .contains("--certificate and --key belong together");
            assertThat(screen.done("zone", "client-certificate", "pairs.test", "--remove"))
                    .contains("shown no certificate");
            assertThat(node.get(path).result().getValue("certificate")).isNull();
        }
    }
}
