package io.anycastle.dns.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate with its key, made by the JDK's keytool. */
public final class TestCertificate {
    private static final String PASSWORD = "changeit";

    private final Certificate certificate;
    private final Key key;

    private TestCertificate(Certificate certificate, Key key) {
        this.certificate = certificate;
        this.key = key;
    }

    private static final class Any {
        private static final TestCertificate ONE = make();

        private static TestCertificate make() {
            try {
                return TestCertificate.make("dns.example.com");
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Any name that a client asks for, also such as the JDK's own class refuses. */
    public static SNIServerName asked(String name) {
        return new SNIServerName(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII)) {};
    }

    /** The one of {@code dns.example.com}, for all who need just any. */
    public static TestCertificate any() {
        return Any.ONE;
    }

    /** A new one for that name, 127.0.0.1 and ::1. */
    public static TestCertificate make(String commonName) throws IOException, GeneralSecurityException {
        return make(commonName, 3650);
    }

    /** The same, good for so many days. */
    static TestCertificate make(String commonName, int days) throws IOException, GeneralSecurityException {
        Path store = Files.createTempFile("anycastle-certificate", ".p12");
        Files.delete(store);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair -alias a -keyalg EC -groupname secp256r1 -validity " + days + " -ext "
                        + "san=ip:127.0.0.1,ip:::1,dns:" + commonName,
                "-dname CN=" + commonName,
                "-storetype PKCS12 -storepass " + PASSWORD,
                "-keystore " + store);
        Process keytool = new ProcessBuilder(command.stream()
                        .flatMap(part -> List.of(part.split(" ")).stream())
                        .toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.onExit().join().exitValue()).describedAs(output).isZero();
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, PASSWORD.toCharArray());
        }
        Files.delete(store);
        return new TestCertificate(made.getCertificate("a"), made.getKey("a", PASSWORD.toCharArray()));
    }

    /** Puts it into the files, over what is there. */
    public void write(CertificateFiles files) throws IOException, GeneralSecurityException {
        Files.writeString(files.certificate(), pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(files.key(), pem("PRIVATE KEY", key.getEncoded()));
    }

    /** Puts it into that folder. */
    public CertificateFiles writeTo(Path folder) throws IOException, GeneralSecurityException {
        CertificateFiles files = new CertificateFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        write(files);
        return files;
    }

    private static String pem(String kind, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    public Certificate certificate() {
        return certificate;
    }

    /** What a client has that believes these certificates alone. */
    public static SSLContext trusting(TestCertificate... believed) throws GeneralSecurityException, IOException {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        for (int i = 0; i < believed.length; i++) {
            anchors.setCertificateEntry("a" + i, believed[i].certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
