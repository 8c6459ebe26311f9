package io.anycastle.proxy.exchange;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The header fields that go to the origin: the client's, less what is not theirs to say, and what the edge knows. Pure. */
final class RequestHeaders {
    private static final CharSequence HOST = HttpHeaders.createOptimized("Host");
    private static final CharSequence X_FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
    private static final CharSequence X_FORWARDED_PROTO = HttpHeaders.createOptimized("X-Forwarded-Proto");
    private static final CharSequence CF_CONNECTING_IP = HttpHeaders.createOptimized("CF-Connecting-IP");
    private static final CharSequence CF_VISITOR = HttpHeaders.createOptimized("CF-Visitor");
    private static final CharSequence CF_RAY = HttpHeaders.createOptimized("CF-Ray");
    private static final CharSequence CDN_LOOP = HttpHeaders.createOptimized("CDN-Loop");
    private static final CharSequence CONNECTION = HttpHeaders.createOptimized("Connection");
    private static final CharSequence KEEP_ALIVE = HttpHeaders.createOptimized("Keep-Alive");

    /** Only the edge says these; whatever a client sends under these names is dropped. */
    private static final Set<String> EDGE_OWNED = Set.of(
            "host",
            "x-forwarded-for",
            "x-forwarded-proto",
            "cf-connecting-ip",
            "cf-connecting-ipv6",
            "cf-pseudo-ipv4",
            "cf-ipcountry",
            "cf-visitor",
            "cf-ray",
            "cf-ew-via",
            "cdn-loop",
            "true-client-ip",
            // CGI programs would read it as the HTTP_PROXY of their environment.
            "proxy");

    /**
     * What the edge knows of the request.
     *
     * @param peer the address at the other end of the connection
     * @param client the client's own address: the peer's, or what a trusted proxy says
     * @param scheme {@code http} or {@code https}
     */
    record Facts(String host, String peer, String client, String scheme, String ray, String loopToken) {}

    private RequestHeaders() {}

    static void write(MultiMap from, MultiMap to, Facts facts) {
        Set<String> listed = FieldNames.listedByConnection(from);
        to.set(HOST, facts.host());
        for (Map.Entry<String, String> field : from) {
            String name = field.getKey();
            String lowerCase = name.toLowerCase(Locale.ROOT);
            if (isForwarded(lowerCase) && !listed.contains(lowerCase)) {
                to.add(name, field.getValue());
            }
        }
        to.set(CONNECTION, KEEP_ALIVE);
        to.set(X_FORWARDED_FOR, forwardedFor(from.getAll(X_FORWARDED_FOR), facts.peer()));
        to.set(X_FORWARDED_PROTO, facts.scheme());
        to.set(CF_CONNECTING_IP, facts.client());
        to.set(CF_VISITOR, "{\"scheme\":\"" + facts.scheme() + "\"}");
        to.set(CF_RAY, facts.ray());
        to.set(CDN_LOOP, appended(from.getAll(CDN_LOOP), facts.loopToken()));
    }

    /** A name that neither belongs to the connection nor to the edge, in any spelling that an origin may take for one that does. */
    private static boolean isForwarded(String lowerCase) {
        String folded = FieldNames.folded(lowerCase);
        return !FieldNames.isHopByHop(folded)
                && !EDGE_OWNED.contains(folded)
                && (folded.equals(lowerCase) || !folded.equals("content-length"));
    }

    private static String appended(List<String> before, String own) {
        StringBuilder list = new StringBuilder();
        for (String value : before) {
            if (!value.isBlank()) {
                list.append(value.strip()).append(", ");
            }
        }
        return list.append(own).toString();
    }

    /** The addresses without those elements that are empty (RFC 9110 section 5.6.1). */
    private static String forwardedFor(List<String> before, String own) {
        StringBuilder list = new StringBuilder();
        for (String value : before) {
            for (String address : value.split(",", -1)) {
                if (!address.isBlank()) {
                    list.append(address.strip()).append(", ");
                }
            }
        }
        return list.append(own).toString();
    }
}
