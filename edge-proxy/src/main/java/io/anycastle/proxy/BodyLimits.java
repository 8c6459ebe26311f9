package io.anycastle.proxy;

/**
 * What bodies of requests may be.
 *
 * @param bytesMax octets, or {@link #UNLIMITED}; then 413
 * @param rateMin octets a second of a body whose length is told, on average over the time that it may be silent; then 408; 0 to 1,048,576, 0
 *     for any
 */
public record BodyLimits(long bytesMax, int rateMin) {
    /** Bodies of any length. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    public static final BodyLimits DEFAULTS = new BodyLimits(UNLIMITED, 100);
}
