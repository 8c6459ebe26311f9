package io.anycastle.core.model;

import java.util.Locale;
import java.util.Optional;

/** What is spoken to an origin, whatever the visitor speaks to the edge. */
public enum OriginScheme {
    /** HTTP/1.1 without TLS. */
    HTTP,
    /** HTTP in TLS. */
    HTTPS,
    /** HTTP/2 without TLS, known to be spoken beforehand (RFC 9113 section 3.3). */
    H2C;

    /** As the API has it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In any case of letters. */
    public static Optional<OriginScheme> named(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "http" -> Optional.of(HTTP);
            case "https" -> Optional.of(HTTPS);
            case "h2c" -> Optional.of(H2C);
            default -> Optional.empty();
        };
    }

    public boolean isTls() {
        return this == HTTPS;
    }
}
