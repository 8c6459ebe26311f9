package io.anycastle.proxy.message;

/** What a head says of the length of its body where that is no number of octets. */
public final class BodyLength {
    /** The body ends by itself; the wire finds a way to tell its end. */
    public static final long UNKNOWN = -1;

    /** No body can come, whatever the fields say: an answer to HEAD, 204 and 304. */
    public static final long NONE = -2;

    /** What follows is another protocol, both ways and each until its own end (RFC 9110 section 7.8, RFC 9113 section 8.5). */
    public static final long TUNNEL = -3;

    private BodyLength() {}
}
