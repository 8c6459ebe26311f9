package io.anycastle.core.model;

import java.util.Locale;
import java.util.Optional;

/** How the proxy hosts of a zone speak to their origins, by how the visitor speaks to the edge. */
public enum OriginTlsMode {
    /** Always without TLS. */
    OFF,
    /** Visitors may use TLS, origins are asked without. */
    FLEXIBLE,
    /** As the visitor; the origin's certificate is not checked. */
    FULL,
    /** As the visitor; the origin's certificate must be valid. */
    STRICT,
    /** In TLS whatever the visitor speaks; the origin's certificate must be valid. */
    ORIGIN_PULL;

    /** As the API has it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<OriginTlsMode> named(String text) {
        for (OriginTlsMode mode : values()) {
            if (mode.text().equals(text)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether an origin whose scheme nobody has said is asked in TLS.
     *
     * @param visitorTls whether the visitor speaks TLS
     */
    public boolean isTls(boolean visitorTls) {
        return this == ORIGIN_PULL || (visitorTls && (this == FULL || this == STRICT));
    }

    /** Whether an origin's certificate must be valid where nobody has said otherwise. */
    public boolean isChecked() {
        return this == STRICT || this == ORIGIN_PULL;
    }

    /** Whether no record may say that its origin is asked without TLS. */
    public boolean demandsTls() {
        return isChecked();
    }
}
