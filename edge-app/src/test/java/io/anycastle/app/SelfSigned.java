package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** A certificate that signs itself, as PEM files, made by the JDK's keytool. */
public record SelfSigned(Path certificate, Path key, Instant expires) {
    private static final String PASSWORD = "changeit";

    /** One that is good for those names, in a folder. */
    public static SelfSigned make(Path folder, String... names) throws IOException, GeneralSecurityException {
        Path store = folder.resolve("store.p12");
        String subjects = Arrays.stream(names).map(name -> "dns:" + name).collect(Collectors.joining(","));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + names[0],
                "-ext",
                "san=" + subjects,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString());
        Process keytool = new ProcessBuilder(command).inheritIO().start();
        assertThat(keytool.onExit().join().exitValue()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        X509Certificate made = (X509Certificate) keys.getCertificate("a");
        return new SelfSigned(
                pem(folder.resolve("chain.pem"), "CERTIFICATE", made.getEncoded()),
                pem(
                        folder.resolve("key.pem"),
                        "PRIVATE KEY",
                        keys.getKey("a", PASSWORD.toCharArray()).getEncoded()),
                made.getNotAfter().toInstant());
    }

    private static Path pem(Path file, String type, byte[] octets) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(octets);
        return Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
