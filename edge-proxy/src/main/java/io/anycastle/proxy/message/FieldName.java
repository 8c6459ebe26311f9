package io.anycastle.proxy.message;

import io.netty.util.AsciiString;
import java.util.Locale;

/**
 * The field names that the edge looks for or writes. A name in a message is found by its octets, without making a string, whatever its
 * case; or as a program may read it that knows letters, digits and one more character in names, such as those that get fields as variables
 * of their environment: for these every octet but letters and digits is a hyphen.
 */
@SuppressWarnings({"EnumOrdinal", "ImmutableEnumChecker"}) // numbers index arrays; nobody writes into the texts
public enum FieldName {
    /** Any other name. */
    OTHER(""),
    ACCEPT("Accept"),
    ACCEPT_ENCODING("Accept-Encoding", Kept.FROM_ORIGINS),
    ACCEPT_RANGES("Accept-Ranges"),
    AGE("Age"),
    ALLOW("Allow"),
    ALT_SVC("Alt-Svc", Kept.FROM_CLIENTS),
    AUTHORIZATION("Authorization"),
    CACHE_CONTROL("Cache-Control"),
    CDN_LOOP("CDN-Loop", Kept.FROM_ORIGINS),
    CF_CACHE_STATUS("CF-Cache-Status", Kept.FROM_CLIENTS),
    CF_CONNECTING_IP("CF-Connecting-IP", Kept.FROM_ORIGINS),
    CF_CONNECTING_IPV6("CF-Connecting-IPv6", Kept.FROM_ORIGINS),
    CF_ERROR_ORIGIN("cf-error-origin"),
    CF_ERROR_TYPE("cf-error-type"),
    CF_EW_VIA("CF-EW-Via", Kept.FROM_ORIGINS),
    CF_IPCOUNTRY("CF-IPCountry", Kept.FROM_ORIGINS),
    CF_PSEUDO_IPV4("CF-Pseudo-IPv4", Kept.FROM_ORIGINS),
    CF_RAY("CF-Ray", Kept.FROM_BOTH),
    CF_VISITOR("CF-Visitor", Kept.FROM_ORIGINS),
    CONNECTION("Connection", Kept.HOP_BY_HOP),
    CONTENT_ENCODING("Content-Encoding"),
    CONTENT_LENGTH("Content-Length"),
    CONTENT_RANGE("Content-Range"),
    CONTENT_TYPE("Content-Type"),
    COOKIE("Cookie"),
    DATE("Date"),
    ETAG("ETag"),
    EXPECT("Expect"),
    FORWARDED("Forwarded"),
    HOST("Host", Kept.FROM_ORIGINS),
    HTTP2_SETTINGS("HTTP2-Settings", Kept.HOP_BY_HOP),
    IF_NONE_MATCH("If-None-Match"),
    KEEP_ALIVE("Keep-Alive", Kept.HOP_BY_HOP),
    LAST_MODIFIED("Last-Modified"),
    LOCATION("Location"),
    MAX_FORWARDS("Max-Forwards"),
    /** CGI programs would read it as the HTTP_PROXY of their environment. */
    PROXY("Proxy", Kept.FROM_ORIGINS),
    PROXY_AUTHENTICATE("Proxy-Authenticate", Kept.HOP_BY_HOP),
    PROXY_AUTHENTICATION_INFO("Proxy-Authentication-Info", Kept.HOP_BY_HOP),
    PROXY_AUTHORIZATION("Proxy-Authorization", Kept.HOP_BY_HOP),
    PROXY_CONNECTION("Proxy-Connection", Kept.HOP_BY_HOP),
    RANGE("Range"),
    REFERER("Referer"),
    RETRY_AFTER("Retry-After"),
    SEC_WEBSOCKET_ACCEPT("Sec-WebSocket-Accept"),
    SEC_WEBSOCKET_KEY("Sec-WebSocket-Key"),
    SERVER("Server", Kept.FROM_CLIENTS),
    SERVER_TIMING("Server-Timing"),
    SET_COOKIE("Set-Cookie"),
    TE("TE", Kept.HOP_BY_HOP),
    TRACEPARENT("traceparent"),
    TRAILER("Trailer", Kept.HOP_BY_HOP),
    TRANSFER_ENCODING("Transfer-Encoding", Kept.HOP_BY_HOP),
    TRUE_CLIENT_IP("True-Client-IP", Kept.FROM_ORIGINS),
    UPGRADE("Upgrade", Kept.HOP_BY_HOP),
    USER_AGENT("User-Agent"),
    VARY("Vary"),
    VIA("Via"),
    WWW_AUTHENTICATE("WWW-Authenticate"),
    X_FORWARDED_FOR("X-Forwarded-For", Kept.FROM_ORIGINS),
    X_FORWARDED_PROTO("X-Forwarded-Proto", Kept.FROM_ORIGINS);

    /** From whom the edge keeps a field that it receives. */
    private enum Kept {
        FROM_NOBODY,
        /** A client's is not forwarded: only the edge says it. */
        FROM_ORIGINS,
        /** An origin's is not: it is the edge's own word, or an invitation to go around the edge. */
        FROM_CLIENTS,
        FROM_BOTH,
        /** It belongs to one connection (RFC 9110 section 7.6.1). */
        HOP_BY_HOP
    }

    private static final FieldName[] ALL = values();
    private static final int SLOTS = 512;
    private static final byte[] TABLE = new byte[SLOTS];
    /** Letters in lower case, digits as they are, and a hyphen for everything else. */
    private static final byte[] FOLD = new byte[256];

    static {
        for (int c = 0; c < FOLD.length; c++) {
            boolean isPlain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            FOLD[c] = isPlain ? (byte) c : c >= 'A' && c <= 'Z' ? (byte) (c + ' ') : (byte) '-';
        }
        for (FieldName name : ALL) {
            if (name != OTHER) {
                byte[] octets = name.lowerCase.array();
                int slot = slot(octets, 0, octets.length);
                while (TABLE[slot] != 0) {
                    slot = (slot + 1) & (SLOTS - 1);
                }
                TABLE[slot] = (byte) name.ordinal();
            }
        }
    }

    private final AsciiString text;
    private final AsciiString lowerCase;
    private final AsciiString prefix;
    private final Kept kept;

    FieldName(String text) {
        this(text, Kept.FROM_NOBODY);
    }

    FieldName(String text, Kept kept) {
        this.text = new AsciiString(text);
        this.lowerCase = new AsciiString(text.toLowerCase(Locale.ROOT));
        this.prefix = new AsciiString(text + ": ");
        this.kept = kept;
    }

    /** As HTTP/1 writes it. */
    public AsciiString text() {
        return text;
    }

    /** As HTTP/2 and HTTP/3 write it. */
    public AsciiString lowerCase() {
        return lowerCase;
    }

    /** The name, a colon and a blank. */
    public AsciiString prefix() {
        return prefix;
    }

    /** Whether a field of that name belongs to one connection only. */
    public boolean isHopByHop() {
        return kept == Kept.HOP_BY_HOP;
    }

    /** Whether a client's field of that name goes to the origin. */
    public boolean passesToOrigins() {
        return kept == Kept.FROM_NOBODY || kept == Kept.FROM_CLIENTS;
    }

    /** Whether an origin's field of that name goes to the client. */
    public boolean passesToClients() {
        return kept == Kept.FROM_NOBODY || kept == Kept.FROM_ORIGINS;
    }

    /** The name's number, from 0 for {@link #OTHER}; below 64. */
    int index() {
        return ordinal();
    }

    static FieldName of(int index) {
        return ALL[index];
    }

    /** Finds the name that these octets spell, or one that they may be taken for. */
    static FieldName find(byte[] octets, int from, int to) {
        int slot = slot(octets, from, to);
        for (int at = TABLE[slot]; at != 0; at = TABLE[slot]) {
            if (ALL[at].isFolded(octets, from, to)) {
                return ALL[at];
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return OTHER;
    }

    private static int slot(byte[] octets, int from, int to) {
        int length = to - from;
        int first = FOLD[octets[from] & 0xFF];
        int last = FOLD[octets[to - 1] & 0xFF];
        int middle = FOLD[octets[from + (length >> 1)] & 0xFF];
        int late = FOLD[octets[from + ((length * 3) >> 2)] & 0xFF];
        return (((first * 31 + last) * 31 + middle) * 31 + late + length * 97) & (SLOTS - 1);
    }

    private boolean isFolded(byte[] octets, int from, int to) {
        byte[] own = lowerCase.array();
        if (own.length != to - from) {
            return false;
        }
        for (int i = 0; i < own.length; i++) {
            if (own[i] != FOLD[octets[from + i] & 0xFF]) {
                return false;
            }
        }
        return true;
    }

    /** Whether these octets, which are known to fold to the name, are its own but for their case. */
    boolean isExact(byte[] octets, int from) {
        byte[] own = lowerCase.array();
        for (int i = 0; i < own.length; i++) {
            if (own[i] == '-' && octets[from + i] != '-') {
                return false;
            }
        }
        return true;
    }
}
