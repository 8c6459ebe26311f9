package io.anycastle.app.cluster;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;

/** The one kind of key that the cluster knows: elliptic curve P-256, which every TLS engine speaks. */
final class Keypairs {
    static final String SIGNATURE = "SHA256withECDSA";

    private static final String KIND = "EC";
    private static final int FIELD_BITS = 256;

    private Keypairs() {}

    static KeyPair fresh() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(KIND);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads a private key's PKCS#8 form. */
    static PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(KIND).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    static boolean isOurKind(PublicKey key) {
        return key instanceof ECPublicKey curve
                && curve.getParams().getCurve().getField().getFieldSize() == FIELD_BITS;
    }

    /** What the registry knows a key by: SHA-256 of its SubjectPublicKeyInfo, in hex. */
    static String fingerprint(PublicKey key) {
        return sha256(key.getEncoded());
    }

    static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
