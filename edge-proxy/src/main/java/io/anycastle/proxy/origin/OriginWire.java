package io.anycastle.proxy.origin;

import java.util.List;

/** What a connection to an origin may speak. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are immutable
enum OriginWire {
    HTTP_1("http/1.1"),
    HTTP_2("h2"),
    /** What the origin chooses; HTTP/2 rather. */
    EITHER("h2", "http/1.1");

    private final List<String> alpn;

    OriginWire(String... alpn) {
        this.alpn = List.of(alpn);
    }

    /** What TLS offers, the first preferred (RFC 7301). */
    String[] alpn() {
        return alpn.toArray(String[]::new);
    }

    /**
     * Whether HTTP/2 is spoken on a connection.
     *
     * @param chosen what TLS has chosen; empty where there is none, or no choice
     */
    boolean isHttp2(boolean isTls, String chosen) {
        return isTls ? chosen.equals("h2") : this == HTTP_2;
    }
}
