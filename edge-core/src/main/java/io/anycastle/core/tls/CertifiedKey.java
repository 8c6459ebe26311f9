package io.anycastle.core.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;
import java.util.Optional;

/** The private key that belongs to a certificate's public one. Pure. */
public final class CertifiedKey {
    /** By the algorithm of the key, as the JDK names both. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private static final byte[] TEXT = "a pair?".getBytes(StandardCharsets.US_ASCII);

    private CertifiedKey() {}

    /**
     * Whether the certified key verifies what the private key signs. An algorithm that is not known here is left to the handshake: then
     * this is whether both are of the same.
     *
     * @throws GeneralSecurityException when a key is not usable at all
     */
    public static boolean isPair(PublicKey certified, PrivateKey key) throws GeneralSecurityException {
        if (!certified.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        Optional<String> signature = Optional.ofNullable(SIGNATURES.get(key.getAlgorithm()));
        return signature.isEmpty() || isVerified(signature.get(), certified, key);
    }

    private static boolean isVerified(String signature, PublicKey certified, PrivateKey key)
            throws GeneralSecurityException {
        Signature signing = Signature.getInstance(signature);
        signing.initSign(key);
        signing.update(TEXT);
        Signature verifying = Signature.getInstance(signature);
        verifying.initVerify(certified);
        verifying.update(TEXT);
        return verifying.verify(signing.sign());
    }
}
