package io.anycastle.proxy.reply;

/**
 * An answer of the edge's own, whole.
 *
 * @param allow the methods of its Allow field; empty for none
 */
public record Reply(int status, String contentType, String body, String allow) {
    public Reply(int status, String contentType, String body) {
        this(status, contentType, body, "");
    }

    /** An empty answer that tells the methods that may be used (RFC 9110 section 9.3.7). */
    public static Reply allowing(String methods) {
        return new Reply(200, "text/plain; charset=utf-8", "", methods);
    }
}
