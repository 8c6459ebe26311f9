package io.anycastle.proxy.listen;

import io.anycastle.core.tls.CertifiedKey;
import io.anycastle.core.tls.TlsWarmUp;
import io.anycastle.proxy.tls.NativeTlsContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate chain and its private key, both PEM files.
 */
public record TlsFiles(Path certificate, Path key) {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    /**
     * Has everything loaded that TLS with these listeners' files is made of, off the event loops. What is wrong with a file is told by who
     * opens its listener.
     */
    public static Future<?> load(Vertx vertx, List<ListenerConfig> listeners) {
        List<TlsFiles> files = listeners.stream()
                .flatMap(listener -> listener.tls().stream())
                .distinct()
                .toList();
        if (files.isEmpty()) {
            return Future.succeededFuture(files);
        }
        TlsWarmUp.refuseRenegotiation();
        return vertx.executeBlocking(() -> {
            if (!NativeTlsContext.isAvailable()) {
                files.forEach(each -> each.warmUp(vertx));
            }
            return files;
        });
    }

    private void warmUp(Vertx vertx) {
        try {
            KeyManagerFactory keys = pem().getKeyManagerFactory(vertx);
            TlsWarmUp.load(keys.getKeyManagers());
            SslContext server = SslContextBuilder.forServer(keys)
                    .sslProvider(SslProvider.JDK)
                    .build();
            SslContext client = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm("")
                    .build();
            TlsWarmUp.shake(client.newEngine(ByteBufAllocator.DEFAULT), server.newEngine(ByteBufAllocator.DEFAULT));
        } catch (Exception e) { // Vert.x's way to read PEM tells of a bad file by whatever its parser threw
            LOG.debug("TLS with {} was not warmed up", certificate, e);
        }
    }

    /**
     * TLS with these files, for a listener's connections. Blocks.
     */
    ListenerTls open(Vertx vertx, ListenerConfig listener) throws Exception {
        List<String> spoken = ListenerTls.protocols(listener.speaksHttp2());
        SslContext jdk = SslContextBuilder.forServer(pem().getKeyManagerFactory(vertx))
                .sslProvider(SslProvider.JDK)
                .protocols(VERSIONS)
                .applicationProtocolConfig(alpn(spoken))
                .build();
        return new ListenerTls(boring(spoken), jdk, listener.speaksHttp3() ? quic(vertx) : Optional.empty());
    }

    /** For HTTP/3; empty where QUIC cannot be loaded. */
    private Optional<QuicSslContext> quic(Vertx vertx) throws Exception {
        if (!QuicListener.isAvailable()) {
            LOG.info("QUIC is not there: visitors are not served by HTTP/3");
            return Optional.empty();
        }
        QuicSslContext context = QuicSslContextBuilder.forServer(pem().getKeyManagerFactory(vertx), null)
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .earlyData(false) // what is said in it can be played again (RFC 8446 section 8)
                .build();
        return Optional.of(context);
    }

    private static ApplicationProtocolConfig alpn(List<String> spoken) {
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                SelectorFailureBehavior.FATAL_ALERT,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                spoken);
    }

    /** By BoringSSL; empty where it cannot be loaded, or cannot use the files. */
    private Optional<NativeTlsContext> boring(List<String> spoken) throws IOException {
        if (!NativeTlsContext.isAvailable()) {
            LOG.info(
                    "BoringSSL is not there: the JDK speaks TLS with visitors, and ends handshakes for names with an underscore");
            return Optional.empty();
        }
        try {
            return Optional.of(
                    NativeTlsContext.server(Files.readAllBytes(certificate), Files.readAllBytes(key), spoken));
        } catch (SSLException e) {
            LOG.warn("{}: {}. The JDK speaks TLS with visitors, which costs more", certificate, e.getMessage());
            return Optional.empty();
        }
    }

    private PemKeyCertOptions pem() {
        return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
    }

    /** What keeps the two from being used, a plain sentence each; empty when nothing does. Blocks. */
    public List<String> problems(Vertx vertx) {
        List<String> unreadable = Stream.of(certificate, key)
                .filter(file -> !Files.isReadable(file) || Files.isDirectory(file))
                .map(file -> "The TLS file " + file + " cannot be read.")
                .toList();
        if (!unreadable.isEmpty()) {
            return unreadable;
        }
        List<String> foreign = Stream.of(certificateProblem(), keyProblem())
                .flatMap(Optional::stream)
                .toList();
        return foreign.isEmpty() ? pairProblem(vertx).stream().toList() : foreign;
    }

    private Optional<String> certificateProblem() {
        try (InputStream pem = Files.newInputStream(certificate)) {
            Collection<? extends Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (!chain.isEmpty()) {
                return Optional.empty();
            }
        } catch (IOException | GeneralSecurityException e) {
            // told below, in words that help more
        }
        return Optional.of("The TLS file " + certificate + " holds no certificate in PEM form.");
    }

    private Optional<String> keyProblem() {
        try {
            if (Files.readString(key, StandardCharsets.ISO_8859_1).contains("PRIVATE KEY-----")) {
                return Optional.empty();
            }
        } catch (IOException e) {
            // told below
        }
        return Optional.of("The TLS file " + key + " holds no private key in PEM form.");
    }

    private Optional<String> pairProblem(Vertx vertx) {
        try {
            X509KeyManager manager =
                    (X509KeyManager) pem().getKeyManagerFactory(vertx).getKeyManagers()[0];
            return isPair(manager)
                    ? Optional.empty()
                    : Optional.of(
                            "The private key in " + key + " is not that of the certificate in " + certificate + ".");
        } catch (Exception e) {
            return Optional.of(
                    "The TLS files " + certificate + " and " + key + " cannot be used: " + e.getMessage() + ".");
        }
    }

    private static boolean isPair(X509KeyManager manager) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            String[] aliases = manager.getServerAliases(algorithm, null);
            if (aliases != null && aliases.length > 0) {
                return CertifiedKey.isPair(
                        manager.getCertificateChain(aliases[0])[0].getPublicKey(), manager.getPrivateKey(aliases[0]));
            }
        }
        return true; // the engine decides about what is not known here
    }
}
