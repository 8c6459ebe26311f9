package io.anycastle.proxy.origin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom the edge believes to be an origin: who the system's authorities vouch for, under the host's name (RFC 9525). The JDK checks the
 * name where it takes it for one, and this class where it does not. Any thread.
 */
public final class OriginTrust extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;

    private final X509ExtendedTrustManager authorities;

    /** Reads the list of authorities that the system brings, once. Blocks the first time. */
    public static OriginTrust system() {
        return OfTheSystem.TRUST;
    }

    /**
     * Believes those of the certificates that are there, and whom they vouch for.
     *
     * @param pem certificates in PEM form
     * @throws SSLException when there are none
     */
    static OriginTrust of(String pem) throws SSLException {
        try {
            KeyStore vouching = KeyStore.getInstance(KeyStore.getDefaultType());
            vouching.load(null, null);
            var certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
            for (Certificate certificate : certificates) {
                vouching.setCertificateEntry(Integer.toString(vouching.size()), certificate);
            }
            return new OriginTrust(vouching);
        } catch (GeneralSecurityException | IOException e) {
            throw new SSLException("the authorities of the origin are not certificates in PEM form", e);
        }
    }

    /** Made when it is first asked for. */
    private static final class OfTheSystem {
        private static final OriginTrust TRUST = new OriginTrust(null);
    }

    /**
     * @param vouching whose authorities are believed; null for the system's
     */
    OriginTrust(@Nullable KeyStore vouching) {
        authorities = authorities(vouching);
    }

    private static X509ExtendedTrustManager authorities(@Nullable KeyStore vouching) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(vouching);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no list of certificate authorities", e);
        }
        throw new IllegalStateException("this Java has no list of certificate authorities");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String algorithm, SSLEngine engine)
            throws CertificateException {
        authorities.checkServerTrusted(chain, algorithm, engine);
        String checked = engine.getSSLParameters().getEndpointIdentificationAlgorithm();
        if (checked == null || checked.isEmpty()) {
            checkName(chain[0], engine.getPeerHost());
        }
    }

    private static void checkName(X509Certificate certificate, @Nullable String host) throws CertificateException {
        if (host == null || !names(certificate.getSubjectAlternativeNames(), host.toLowerCase(Locale.ROOT))) {
            throw new CertificateException("the certificate is not that of " + host);
        }
    }

    /** Whether one of a certificate's names is the host's, or covers it by an asterisk for its first label. */
    static boolean names(@Nullable Collection<List<?>> alternatives, String host) {
        if (alternatives == null) {
            return false;
        }
        int dot = host.indexOf('.');
        String covering = dot < 0 ? host : "*" + host.substring(dot);
        for (List<?> alternative : alternatives) {
            if (alternative.get(0) instanceof Integer kind
                    && kind == DNS_NAME
                    && alternative.get(1) instanceof String name
                    && (name.equalsIgnoreCase(host) || name.equalsIgnoreCase(covering))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String algorithm) throws CertificateException {
        throw new CertificateException("a certificate is not checked without its connection");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String algorithm, Socket socket)
            throws CertificateException {
        throw new CertificateException("a certificate is not checked without its connection");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String algorithm) throws CertificateException {
        throw new CertificateException("an origin is no client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String algorithm, Socket socket)
            throws CertificateException {
        throw new CertificateException("an origin is no client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String algorithm, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("an origin is no client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
