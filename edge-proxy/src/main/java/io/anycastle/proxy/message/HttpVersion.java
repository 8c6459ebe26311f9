package io.anycastle.proxy.message;

/** The versions of HTTP that clients and origins speak. */
public enum HttpVersion {
    HTTP_1_0("1.0", "http/1.0", "HTTP/1.0"),
    HTTP_1_1("1.1", "http/1.1", "HTTP/1.1"),
    HTTP_2("2.0", "http/2", "HTTP/2"),
    HTTP_3("3.0", "http/3", "HTTP/3");

    private final String number;
    private final String traced;
    private final String logged;

    HttpVersion(String number, String traced, String logged) {
        this.number = number;
        this.traced = traced;
        this.logged = logged;
    }

    /** As Via tells it (RFC 9110 section 7.6.3). */
    public String number() {
        return number;
    }

    /** As /cdn-cgi/trace tells it. */
    public String traced() {
        return traced;
    }

    /** As logs tell it. */
    public String logged() {
        return logged;
    }
}
