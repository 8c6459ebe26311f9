package io.anycastle.proxy;

/** Where the edge tells of itself in a Via field (RFC 9110 section 7.6.3). */
public enum ViaMode {
    OFF,
    /** To origins. */
    REQUEST,
    /** To origins and to visitors. */
    BOTH;

    public boolean inRequests() {
        return this != OFF;
    }

    public boolean inAnswers() {
        return this == BOTH;
    }
}
