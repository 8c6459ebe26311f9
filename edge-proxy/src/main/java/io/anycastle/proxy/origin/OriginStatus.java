package io.anycastle.proxy.origin;

import java.util.Locale;

/**
 * What is told of an origin that is one of several.
 *
 * @param address and port; IPv6 in brackets
 * @param leftMs how long it is out, or until its share is whole again; 0 while it is in
 * @param ejections how often it was taken out lately, each time that it did well since taken off
 * @param failures requests in a row that got no answer
 * @param outstanding requests under way that could have gone to another origin
 * @param reason why it was taken out the last time; empty when it never was
 */
public record OriginStatus(
        String address,
        String scheme,
        OutlierState.State state,
        long leftMs,
        int ejections,
        int failures,
        int outstanding,
        String reason) {
    /** {@code in}, {@code out} or {@code returning}. */
    public String stateText() {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
