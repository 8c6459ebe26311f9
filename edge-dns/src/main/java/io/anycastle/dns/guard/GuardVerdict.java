package io.anycastle.dns.guard;

/** What becomes of an answer. */
public enum GuardVerdict {
    /** It is sent. */
    SEND,
    /** A short one is sent in its place, with which the client comes back by TCP or with a cookie. */
    SHORTEN,
    /** Nothing is sent. */
    WITHHOLD
}
