package io.anycastle.core.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertifiedKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519", "Ed448"})
    void a_key_belongs_to_its_own_certificate_and_to_no_other(String algorithm) throws Exception {
        KeyPair one = pair(algorithm);
        KeyPair other = pair(algorithm);
        assertThat(CertifiedKey.isPair(one.getPublic(), one.getPrivate())).isTrue();
        assertThat(CertifiedKey.isPair(one.getPublic(), other.getPrivate())).isFalse();
        KeyPair another = pair(algorithm.equals("EC") ? "RSA" : "EC");
        assertThat(CertifiedKey.isPair(one.getPublic(), another.getPrivate())).isFalse();
    }

    private static KeyPair pair(String algorithm) throws NoSuchAlgorithmException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }
}
