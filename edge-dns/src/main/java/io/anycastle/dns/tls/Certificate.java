package io.anycastle.dns.tls;

import io.anycastle.core.tls.CertifiedKey;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509ExtendedKeyManager;

/** A certificate chain with its private key, known to belong together. Immutable. */
final class Certificate {
    private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

    private final byte[] chainFile;
    private final byte[] keyFile;
    private final X509ExtendedKeyManager keys;
    private final X509Certificate own;

    private Certificate(byte[] chainFile, byte[] keyFile, X509ExtendedKeyManager keys, X509Certificate own) {
        this.chainFile = chainFile;
        this.keyFile = keyFile;
        this.keys = keys;
        this.own = own;
    }

    /** Reads both files, and tries whether the key signs for the certificate. Blocks. */
    static Certificate read(Vertx vertx, CertificateFiles files) {
        byte[] chain = octets(files.certificate());
        byte[] key = octets(files.key());
        String what = "certificate " + files.certificate() + " with key " + files.key();
        try {
            PemKeyCertOptions pem =
                    new PemKeyCertOptions().setCertValue(Buffer.buffer(chain)).setKeyValue(Buffer.buffer(key));
            for (KeyManager manager : pem.getKeyManagerFactory(vertx).getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager keys) {
                    String alias = alias(keys);
                    X509Certificate own = keys.getCertificateChain(alias)[0];
                    if (!CertifiedKey.isPair(own.getPublicKey(), keys.getPrivateKey(alias))) {
                        throw new InvalidCertificateException(what + ": the key is not this certificate's");
                    }
                    return new Certificate(chain, key, keys, own);
                }
            }
        } catch (InvalidCertificateException e) {
            throw e;
        } catch (Exception e) { // Vert.x's way to read PEM tells of a bad file by whatever its parser threw
            throw new InvalidCertificateException(
                    what + ": " + Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
        throw new InvalidCertificateException(what + ": holds nothing that can be shown");
    }

    private static byte[] octets(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new InvalidCertificateException("TLS file " + file + " is not there");
        } catch (IOException e) {
            throw new InvalidCertificateException("TLS file " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static String alias(X509ExtendedKeyManager keys) {
        return KEY_TYPES.stream()
                .map(type -> keys.getServerAliases(type, null))
                .filter(Objects::nonNull)
                .flatMap(Stream::of)
                .findFirst()
                .orElseThrow(() -> new InvalidCertificateException("neither an EC, an EdDSA nor an RSA key"));
    }

    /** Whether it came from files of the same content. */
    boolean isOf(Certificate other) {
        return Arrays.equals(chainFile, other.chainFile) && Arrays.equals(keyFile, other.keyFile);
    }

    X509ExtendedKeyManager keys() {
        return keys;
    }

    Instant expires() {
        return own.getNotAfter().toInstant();
    }

    String subject() {
        return own.getSubjectX500Principal().getName();
    }
}
