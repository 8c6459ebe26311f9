package io.anycastle.proxy.origin;

import io.anycastle.core.model.ClientCertificate;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The certificate that the edge shows to origins that ask for one, whoever they say they believe, and its key. Any thread. */
final class OriginIdentity extends X509ExtendedKeyManager {
    private static final String ALIAS = "edge";

    private final X509Certificate[] chain;
    private final PrivateKey key;

    private OriginIdentity(X509Certificate[] chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
    }

    /** @throws SSLException when the key does not open, or does not fit */
    static OriginIdentity of(ClientCertificate shown, SealedKeys keys) throws SSLException {
        byte[] pkcs8 = keys.open(shown.sealedKey(), shown.place())
                .orElseThrow(() ->
                        new SSLException("this node cannot open its key; does it have the cluster's cluster.key?"));
        try {
            X509Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(shown.certificates().getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (chain.length == 0) {
                throw new SSLException("it holds no certificate");
            }
            PrivateKey key = KeyFactory.getInstance(chain[0].getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return new OriginIdentity(chain, key);
        } catch (GeneralSecurityException e) {
            throw new SSLException("its certificate and key cannot be read", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /** Whether a key of this one's kind may sign; a key's kind may come as that of its certificate's, as EC_EC. */
    private boolean isOfKind(String type) {
        String own = key.getAlgorithm();
        return type.equals(own) || type.startsWith(own + "_") || (own.equals("EdDSA") && type.startsWith("Ed"));
    }

    @Override
    public @Nullable String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
        return Arrays.stream(types).anyMatch(this::isOfKind) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return Arrays.stream(types).anyMatch(this::isOfKind) ? ALIAS : null;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return null;
    }
}
