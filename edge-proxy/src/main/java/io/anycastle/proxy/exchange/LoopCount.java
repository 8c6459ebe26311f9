package io.anycastle.proxy.exchange;

import java.util.List;

/** Counts how often a request has passed an edge by its CDN-Loop fields (RFC 8586). Pure. */
final class LoopCount {
    private LoopCount() {}

    static int of(String token, List<String> fields) {
        int passes = 0;
        for (String field : fields) {
            for (String element : field.split(",", -1)) {
                int semicolon = element.indexOf(';');
                String name = semicolon < 0 ? element : element.substring(0, semicolon);
                if (name.strip().equalsIgnoreCase(token)) {
                    passes++;
                }
            }
        }
        return passes;
    }
}
