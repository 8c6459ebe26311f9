package io.anycastle.app.lifecycle;

import io.anycastle.core.model.ClientPorts;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.view.TlsFacts;
import io.anycastle.proxy.listen.ListenerStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what DNS tells of the proxy's TLS out of its open listeners and its certificate. */
final class OfferedTls {
    private static final Logger LOG = LoggerFactory.getLogger(OfferedTls.class);
    private static final int HTTPS_PORT = 443;
    private static final int DNS_NAME = 2; // RFC 5280 section 4.2.1.6
    private static final int NAMES_MAX = 256;

    private OfferedTls() {}

    /**
     * Of the listener that visitors reach on port 443, else on the lowest, one on which zones are served if there is one; empty when none speaks
     * TLS. Blocks.
     *
     * @param served the ports on which zones are served that say none of their own
     */
    static Optional<TlsFacts> of(List<ListenerStatus> listeners, ClientPorts served, Optional<Path> certificate) {
        Optional<ListenerStatus> first = listeners.stream()
                .filter(listener -> listener.scheme().equals("https"))
                .min(Comparator.comparing((ListenerStatus listener) -> !served.contains(listener.publicPort()))
                        .thenComparingInt(listener -> listener.publicPort() == HTTPS_PORT ? 0 : listener.publicPort()));
        if (first.isEmpty() || certificate.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TlsFacts(
                names(certificate.get()), first.get().alpn(), first.get().publicPort()));
    }

    /** The DNS names that the first certificate of the file is good for. */
    private static List<DomainName> names(Path file) {
        List<DomainName> names = new ArrayList<>();
        try (InputStream pem = Files.newInputStream(file)) {
            Certificate own = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            var alternatives = own instanceof X509Certificate x509 ? x509.getSubjectAlternativeNames() : null;
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (alternative.get(0).equals(DNS_NAME) && names.size() < NAMES_MAX) {
                    name(String.valueOf(alternative.get(1))).ifPresent(names::add);
                }
            }
        } catch (IOException | CertificateException e) {
            LOG.warn("no HTTPS records are made: {} cannot be read: {}", file, e.getMessage());
        }
        return names;
    }

    private static Optional<DomainName> name(String text) {
        try {
            return Optional.of(DomainName.of(text));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
