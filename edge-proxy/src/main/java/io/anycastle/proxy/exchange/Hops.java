package io.anycastle.proxy.exchange;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.OptionalInt;

/** What a message says of the hops it takes (RFC 9110 section 7.6). Pure. */
final class Hops {
    private static final CharSequence MAX_FORWARDS = HttpHeaders.createOptimized("Max-Forwards");
    private static final CharSequence VIA = HttpHeaders.createOptimized("Via");
    private static final int DIGITS_MAX = 9;

    private Hops() {}

    /** How many hops an OPTIONS request may still take; empty when it does not say, or is another request. */
    static OptionalInt left(HttpMethod method, MultiMap headers) {
        if (!method.equals(HttpMethod.OPTIONS)) {
            return OptionalInt.empty();
        }
        List<String> values = headers.getAll(MAX_FORWARDS);
        if (values.size() != 1 || !isNumber(values.getFirst().strip())) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(values.getFirst().strip()));
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= DIGITS_MAX;
    }

    /** Takes this hop off. */
    static void countDown(HttpMethod method, MultiMap headers) {
        left(method, headers).ifPresent(left -> headers.set(MAX_FORWARDS, Integer.toString(left - 1)));
    }

    /**
     * Adds this hop to those before.
     *
     * @param version the received message's: {@code 1.0} or {@code 1.1}
     */
    static void addVia(MultiMap headers, String version, String name) {
        headers.add(VIA, version + " " + name);
    }
}
