package io.anycastle.proxy.exchange;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which header fields belong to one connection only (RFC 9110 section 7.6.1). Pure. */
final class FieldNames {
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings");

    private FieldNames() {}

    /** Whether a field of that lower-case name stays on its connection. */
    static boolean isHopByHop(String lowerCase) {
        return HOP_BY_HOP.contains(lowerCase) || lowerCase.startsWith("proxy-");
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
