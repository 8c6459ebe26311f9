package io.anycastle.dns.guard;

/** What a query shows of DNS cookies (RFC 7873 section 5.2). */
public enum CookieStatus {
    /** No cookie. */
    NONE,
    /** A length that no cookie has: FORMERR (section 5.2.2). */
    MALFORMED,
    /** The client's part alone (section 5.2.3). */
    CLIENT_ONLY,
    /** A server's part that we did not make for this client, or too long ago (section 5.2.4). */
    INVALID,
    /** One that we made for this client not long ago: its address is no lie (section 5.2.5). */
    VALID;

    /** Whether the answer gives the client a cookie. */
    public boolean isAnswered() {
        return this == CLIENT_ONLY || this == INVALID || this == VALID;
    }
}
