package io.anycastle.proxy.exchange;

import io.anycastle.proxy.origin.InterimResponse;
import io.anycastle.proxy.reply.HttpDate;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The header fields that go to the client with an origin's answer. Pure. */
final class ResponseHeaders {
    static final CharSequence CF_RAY = HttpHeaders.createOptimized("CF-Ray");
    static final CharSequence SERVER = HttpHeaders.createOptimized("Server");
    static final CharSequence ANYCASTLE = HttpHeaders.createOptimized("anycastle");
    private static final CharSequence CF_CACHE_STATUS = HttpHeaders.createOptimized("CF-Cache-Status");
    private static final CharSequence DYNAMIC = HttpHeaders.createOptimized("DYNAMIC");

    /** The edge's own words, and an origin's invitation to go around the edge. */
    private static final Set<String> EDGE_OWNED = Set.of("server", "cf-ray", "cf-cache-status", "alt-svc");

    private ResponseHeaders() {}

    static void write(MultiMap from, MultiMap to, String ray) {
        copy(from, to);
        if (!to.contains(HttpHeaders.DATE)) {
            to.set(HttpHeaders.DATE, HttpDate.now());
        }
        to.set(SERVER, ANYCASTLE);
        to.set(CF_RAY, ray);
        to.set(CF_CACHE_STATUS, DYNAMIC);
    }

    /** The fields of an answer that comes before the answer. */
    static MultiMap interim(InterimResponse answer) {
        MultiMap from = MultiMap.caseInsensitiveMultiMap();
        answer.headers().forEach(field -> from.add(field.getKey(), field.getValue()));
        MultiMap to = MultiMap.caseInsensitiveMultiMap();
        copy(from, to);
        return to;
    }

    /** The origin's own fields, less what belongs to its connection or to the edge. */
    static void copy(MultiMap from, MultiMap to) {
        Set<String> listed = FieldNames.listedByConnection(from);
        for (Map.Entry<String, String> field : from) {
            String lowerCase = field.getKey().toLowerCase(Locale.ROOT);
            boolean isForwarded = !FieldNames.isHopByHop(lowerCase)
                    && !EDGE_OWNED.contains(lowerCase)
                    && !lowerCase.startsWith("x-accel-")
                    && !listed.contains(lowerCase);
            if (isForwarded) {
                to.add(field.getKey(), field.getValue());
            }
        }
    }
}
