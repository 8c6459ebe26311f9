package io.anycastle.proxy.coding;

import io.netty.util.AsciiString;
import java.util.Locale;

/** The content codings that the edge writes (RFC 1952, RFC 7932, RFC 8878). */
@SuppressWarnings("ImmutableEnumChecker") // nobody writes into the texts
public enum ContentCoding {
    ZSTD,
    BR,
    GZIP;

    private final AsciiString text = new AsciiString(name().toLowerCase(Locale.ROOT));

    /** As Accept-Encoding and Content-Encoding name it. */
    public AsciiString text() {
        return text;
    }
}
