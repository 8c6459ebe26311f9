package io.anycastle.app.cluster;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The cluster's certificate authority: its certificate and the key that signs (ECDSA on P-256). Immutable. */
final class Authority {
    /** Certificates begin before they are made, for nodes whose clocks are late. */
    static final Duration CLOCK_TOLERANCE = Duration.ofDays(1);

    private static final int SERIAL_BITS = 127;

    private final X509Certificate certificate;
    private final PrivateKey key;

    Authority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** A new authority with a new key; it signs itself. */
    static Authority found(String cluster, Instant now, Duration lifetime) {
        KeyPair pair = Keypairs.fresh();
        String mark = Keypairs.fingerprint(pair.getPublic()).substring(0, 8);
        X500Principal name = name("Anycastle cluster CA " + mark, cluster);
        X509Certificate certificate =
                new Signing(pair.getPrivate(), name).authority(name, pair.getPublic(), now, lifetime);
        return new Authority(certificate, pair.getPrivate());
    }

    X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    /** Until when a certificate of that lifetime is good that is made now: it never outlives this authority. */
    Instant end(Instant now, Duration lifetime) {
        return earlier(now.plus(lifetime), certificate.getNotAfter().toInstant())
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /** A certificate for a node's key, good as server and as client. */
    X509Certificate certify(NodeName node, PublicKey nodeKey, Instant now, Duration lifetime) {
        return new Signing(key, certificate.getSubjectX500Principal()).node(node, nodeKey, now, end(now, lifetime));
    }

    /** Vouches for another authority, so that who trusts only this one accepts what that one signed. */
    X509Certificate vouchFor(X509Certificate other, Instant now) {
        Duration left = Duration.between(now, certificate.getNotAfter().toInstant());
        return new Signing(key, certificate.getSubjectX500Principal())
                .authority(other.getSubjectX500Principal(), other.getPublicKey(), now, left);
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static X500Principal name(String common, String cluster) {
        try {
            return new X500Principal(new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.O, cluster)
                    .addRDN(BCStyle.CN, common)
                    .build()
                    .getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Who signs, under which name. */
    private record Signing(PrivateKey key, X500Principal issuer) {
        X509Certificate authority(X500Principal subject, PublicKey subjectKey, Instant now, Duration lifetime) {
            try {
                var builder = builder(subject, subjectKey, now, now.plus(lifetime));
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
                return sign(builder);
            } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }

        X509Certificate node(NodeName node, PublicKey nodeKey, Instant now, Instant end) {
            try {
                var builder = builder(name(node.id(), node.cluster()), nodeKey, now, end);
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
                builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                }));
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, node.uri())));
                return sign(builder);
            } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }

        private JcaX509v3CertificateBuilder builder(
                X500Principal subject, PublicKey subjectKey, Instant now, Instant end)
                throws IOException, GeneralSecurityException {
            BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE);
            Date start = Date.from(now.minus(CLOCK_TOLERANCE));
            var builder = new JcaX509v3CertificateBuilder(issuer, serial, start, Date.from(end), subject, subjectKey);
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(subjectKey));
            return builder;
        }

        private X509Certificate sign(JcaX509v3CertificateBuilder builder)
                throws GeneralSecurityException, OperatorCreationException {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(Keypairs.SIGNATURE).build(key)));
        }
    }

    @Override
    public String toString() {
        return "Authority[" + certificate.getSubjectX500Principal() + ", key hidden]";
    }
}
