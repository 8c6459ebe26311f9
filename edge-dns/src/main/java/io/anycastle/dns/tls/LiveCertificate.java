package io.anycastle.dns.tls;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.DnsCounters.Event;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the certificate that lies in the files now: a handshake that begins after the files were found changed gets the new one, whoever is
 * connected stays. Files that cannot be used, or do not belong together yet, leave the last good one in place. Any thread.
 */
public final class LiveCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCertificate.class);

    private final Vertx vertx;
    private final CertificateFiles files;
    private final DnsCounters counters;
    private volatile Generation shown;
    private String lastProblem = "";
    private long timer = -1;

    /** @param before what a handshake under way may still show */
    private record Generation(
            int number, Certificate certificate, @Nullable Generation before) {
        Generation next(Certificate next) {
            return new Generation(number + 1, next, new Generation(number, certificate, null));
        }

        @Nullable
        Certificate numbered(int wanted) {
            return wanted == number ? certificate : before == null ? null : before.numbered(wanted);
        }
    }

    private LiveCertificate(Vertx vertx, CertificateFiles files, DnsCounters counters, Certificate first) {
        this.vertx = vertx;
        this.files = files;
        this.counters = counters;
        shown = new Generation(0, first, null);
    }

    /** Reads the files. Blocks. */
    public static LiveCertificate read(Vertx vertx, CertificateFiles files, DnsCounters counters) {
        return new LiveCertificate(vertx, files, counters, Certificate.read(vertx, files));
    }

    /** Looks at the files from time to time until {@link #close}. */
    public void watch(Duration interval) {
        timer = vertx.setPeriodic(interval.toMillis(), _ -> look());
    }

    /** Looks at the files now; completes when what they hold is shown, or was refused. */
    Future<?> look() {
        return vertx.executeBlocking(() -> {
            takeUp();
            return shown.number;
        });
    }

    private synchronized void takeUp() {
        try {
            Certificate found = Certificate.read(vertx, files);
            if (!found.isOf(shown.certificate)) {
                shown = shown.next(found);
                counters.count(Event.TLS_RELOADS);
                LOG.info("DNS shows a new certificate: {}, good until {}", found.subject(), found.expires());
            }
            lastProblem = "";
        } catch (InvalidCertificateException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(lastProblem)) {
                counters.count(Event.TLS_UNUSABLE);
                LOG.warn("DNS goes on with the certificate it has: {}", problem);
            }
            lastProblem = problem;
        }
    }

    public void close() {
        vertx.cancelTimer(timer);
    }

    /** When the certificate that is shown ends. */
    public Instant expires() {
        return shown.certificate.expires();
    }

    /** For TLS servers. */
    public X509ExtendedKeyManager keys() {
        return new Keys();
    }

    /** Gives every handshake one generation, named in the alias, so that chain and key belong together. */
    private final class Keys extends X509ExtendedKeyManager {
        @Override
        public @Nullable String chooseEngineServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            Generation now = shown;
            String alias = now.certificate.keys().chooseEngineServerAlias(type, issuers, engine);
            return alias == null ? null : now.number + ":" + alias;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            Certificate certificate = certificate(alias);
            return certificate == null ? null : certificate.keys().getCertificateChain(inner(alias));
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            Certificate certificate = certificate(alias);
            return certificate == null ? null : certificate.keys().getPrivateKey(inner(alias));
        }

        private @Nullable Certificate certificate(String alias) {
            return shown.numbered(Integer.parseInt(alias.substring(0, alias.indexOf(':'))));
        }

        private static String inner(String alias) {
            return alias.substring(alias.indexOf(':') + 1);
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            String alias = chooseEngineServerAlias(type, issuers, null);
            return alias == null ? null : new String[] {alias};
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return chooseEngineServerAlias(type, issuers, null);
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
