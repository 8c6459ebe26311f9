package io.anycastle.proxy.origin;

import io.anycastle.core.model.ClientCertificate;
import java.util.Optional;

/**
 * Whom the edge expects at the other end of a TLS connection.
 *
 * @param name what TLS asks for (RFC 6066 section 3), and by which the certificate is checked (RFC 9525)
 * @param isChecked whether the certificate must be valid
 * @param authorities certificates in PEM form: who is believed to be the origin, or to vouch for it; empty for the system's
 * @param shown what the edge shows of itself where it is asked for a certificate
 */
public record TlsPeer(String name, boolean isChecked, Optional<String> authorities, Optional<ClientCertificate> shown) {
    /** One whose certificate is not looked at. */
    public static TlsPeer unchecked(String name) {
        return new TlsPeer(name, false, Optional.empty(), Optional.empty());
    }

    /** One whom the system's authorities vouch for. */
    public static TlsPeer checked(String name) {
        return new TlsPeer(name, true, Optional.empty(), Optional.empty());
    }
}
