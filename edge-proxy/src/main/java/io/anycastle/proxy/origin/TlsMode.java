package io.anycastle.proxy.origin;

/** How the edge speaks to origins, by how the visitor speaks to the edge. */
public enum TlsMode {
    /** Always plain HTTP. */
    OFF,
    /** Visitors may use HTTPS, origins are asked in plain HTTP. */
    FLEXIBLE,
    /** As the visitor; the origin's certificate is not checked. */
    FULL,
    /** As the visitor; the origin's certificate must be valid for the host. */
    STRICT;

    public boolean isTls(boolean visitorTls) {
        return visitorTls && (this == FULL || this == STRICT);
    }
}
