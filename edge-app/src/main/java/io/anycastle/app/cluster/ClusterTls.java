package io.anycastle.app.cluster;

import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** What the tunnel's TLS shows and believes; asked anew at every handshake, so that a renewed certificate counts at once. */
final class ClusterTls {
    /** The only version spoken. */
    static final Set<String> VERSIONS = Set.of("TLSv1.3");

    /** What members speak among each other. */
    static final String MEMBER = "anycastle-member/1";

    /** What a node speaks that wants to become a member. */
    static final String JOIN = "anycastle-join/1";

    private static final String ALIAS = "node";

    private ClusterTls() {}

    /** Key exchange, signatures and certificate paths take milliseconds each: on worker threads, not on the event loops. */
    static SSLEngineOptions engine() {
        return new JdkSSLEngineOptions().setUseWorkerThread(true);
    }

    /** A node's key and the certificates that go with it, its own first. */
    record Shown(PrivateKey key, List<X509Certificate> chain) {
        Shown {
            chain = List.copyOf(chain);
        }
    }

    /** Shows one key for everything. */
    static final class Keys extends X509ExtendedKeyManager {
        private final Supplier<Shown> shown;

        Keys(Supplier<Shown> shown) {
            this.shown = shown;
        }

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return type.equals("EC") ? ALIAS : null;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return chooseServerAlias(type, issuers, null);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return shown.get().chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return shown.get().key();
        }
    }

    /** Believes chains that end at one of the authorities. */
    static final class Trust extends X509ExtendedTrustManager {
        private final Function<List<X509Certificate>, Collection<X509Certificate>> authorities;
        private final InstantSource clock;

        /** @param authorities whom to believe, given a chain */
        Trust(Function<List<X509Certificate>, Collection<X509Certificate>> authorities, InstantSource clock) {
            this.authorities = authorities;
            this.clock = clock;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            List<X509Certificate> shown = List.of(chain);
            Optional<String> problem = PeerCheck.chainProblem(shown, authorities.apply(shown), clock.instant());
            if (problem.isPresent()) {
                throw new CertificateException(problem.get());
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
                throws CertificateException {
            check(chain);
        }

        /** The one place that knows the address of a client whose handshake fails. */
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
                throws CertificateException {
            try {
                check(chain);
            } catch (CertificateException e) {
                String from = engine == null ? null : engine.getPeerHost();
                throw from == null ? e : new CertificateException("from " + from + ": " + e.getMessage(), e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        /** None are named to the peer: each has one certificate to show. */
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Believes only the authority that a join token names, which the server shows in its chain. */
    static Trust pinned(String fingerprint, InstantSource clock) {
        return new Trust(
                chain -> chain.stream()
                        .filter(certificate ->
                                Authorities.fingerprint(certificate).equals(fingerprint))
                        .toList(),
                clock);
    }
}
