package io.anycastle.proxy.exchange;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which header fields belong to one connection only (RFC 9110 section 7.6.1). Pure. */
final class FieldNames {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info");

    private FieldNames() {}

    /** Whether a field of that lower-case name stays on its connection. */
    static boolean isHopByHop(String lowerCase) {
        return HOP_BY_HOP.contains(lowerCase);
    }

    /**
     * The name as a program may read it that knows letters, digits and one more character in names, such as those that get fields as
     * variables of their environment: every octet but letters and digits becomes a hyphen.
     */
    static String folded(String lowerCase) {
        int i = 0;
        while (i < lowerCase.length() && isPlain(lowerCase.charAt(i))) {
            i++;
        }
        if (i == lowerCase.length()) {
            return lowerCase;
        }
        StringBuilder folded = new StringBuilder(lowerCase);
        for (; i < folded.length(); i++) {
            if (!isPlain(folded.charAt(i))) {
                folded.setCharAt(i, '-');
            }
        }
        return folded.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }

    /** Whether one of the lists in these fields has that element, whatever its case. */
    static boolean listsElement(List<String> values, String element) {
        for (String value : values) {
            for (String one : value.split(",", -1)) {
                if (one.strip().equalsIgnoreCase(element)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The names, in lower case, that the Connection field lists as belonging to this connection. */
    static Set<String> listedByConnection(MultiMap headers) {
        List<String> values = headers.getAll("connection");
        if (values.isEmpty()) {
            return Set.of();
        }
        Set<String> listed = new HashSet<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                listed.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        // These are no options of a connection: listing them would strip what the message needs to be understood.
        listed.remove("host");
        listed.remove("content-length");
        return listed;
    }
}
