package io.anycastle.app.cluster;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node's certificate says of it, as a URI among its alternative names.
 *
 * @param cluster 1 to 64 letters, digits and {@code -._}
 * @param id 1 to 64 letters, digits, '-' or '_'
 * @param number 1 to {@link #NUMBER_MAX}; never given twice in one cluster
 */
record NodeName(String cluster, String id, int number) {
    /** Two octets of a loopback address. */
    static final int NUMBER_MAX = 0xffff;

    private static final Pattern URI =
            Pattern.compile("urn:anycastle:([A-Za-z0-9._-]{1,64}):([A-Za-z0-9_-]{1,64}):(\\d{1,5})");
    private static final int KIND_URI = 6;

    String uri() {
        return "urn:anycastle:" + cluster + ":" + id + ":" + number;
    }

    /** Empty when the certificate names no node, or more than one. */
    static Optional<NodeName> of(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null || names.size() != 1) {
                return Optional.empty();
            }
            List<?> name = names.iterator().next();
            return Integer.valueOf(KIND_URI).equals(name.get(0))
                    ? parse(String.valueOf(name.get(1)))
                    : Optional.empty();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }

    private static Optional<NodeName> parse(String uri) {
        Matcher matcher = URI.matcher(uri);
        return matcher.matches()
                ? Optional.of(new NodeName(matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }
}
