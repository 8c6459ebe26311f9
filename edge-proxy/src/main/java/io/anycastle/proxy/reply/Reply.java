package io.anycastle.proxy.reply;

/**
 * An answer of the edge's own, whole.
 *
 * @param allow the methods of its Allow field; empty for none
 * @param location of its Location field; empty for none
 */
public record Reply(int status, String contentType, String body, String allow, String location) {
    private static final String TEXT = "text/plain; charset=utf-8";

    public Reply(int status, String contentType, String body) {
        this(status, contentType, body, "", "");
    }

    /** An empty answer that tells the methods that may be used (RFC 9110 section 9.3.7). */
    public static Reply allowing(String methods) {
        return new Reply(200, TEXT, "", methods, "");
    }

    public static Reply notFound() {
        return new Reply(404, TEXT, "Not found\n");
    }

    /** Sends the client to another place, for now (RFC 9110 section 15.4.3). */
    public static Reply redirect(String url) {
        return new Reply(302, TEXT, "", "", url);
    }
}
