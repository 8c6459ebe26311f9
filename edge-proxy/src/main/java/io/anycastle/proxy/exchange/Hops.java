package io.anycastle.proxy.exchange;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a message says of the hops it takes (RFC 9110 section 7.6). Pure. */
final class Hops {
    private static final CharSequence MAX_FORWARDS = HttpHeaders.createOptimized("Max-Forwards");
    private static final CharSequence VIA = HttpHeaders.createOptimized("Via");
    /** What is told on of a number that is larger (RFC 9110 section 7.6.2). */
    private static final int HOPS_MAX = 999_999_999;

    private static final Pattern NUMBER = Pattern.compile("0*([0-9]+)");

    private Hops() {}

    /** How many hops an OPTIONS request may still take; empty when it does not say, or is another request. */
    static OptionalInt left(HttpMethod method, MultiMap headers) {
        if (!method.equals(HttpMethod.OPTIONS)) {
            return OptionalInt.empty();
        }
        List<String> values = headers.getAll(MAX_FORWARDS);
        if (values.size() != 1) {
            return OptionalInt.empty();
        }
        Matcher number = NUMBER.matcher(values.getFirst().strip());
        if (!number.matches()) {
            return OptionalInt.empty();
        }
        boolean isOver = number.group(1).length() > 9;
        return OptionalInt.of(isOver ? HOPS_MAX + 1 : Integer.parseInt(number.group(1)));
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
