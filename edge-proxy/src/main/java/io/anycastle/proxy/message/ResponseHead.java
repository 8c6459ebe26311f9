package io.anycastle.proxy.message;

import java.nio.charset.StandardCharsets;

/** The head of an answer: its status and its fields. Reused from answer to answer; belongs to one event loop. */
public final class ResponseHead {
    private final Fields fields = new Fields();
    private int status;
    private int reasonFrom;
    private int reasonTo;
    private HttpVersion version = HttpVersion.HTTP_1_1;

    /** Makes ready for the next answer. */
    public void clear() {
        fields.clear();
        reasonFrom = 0;
        reasonTo = 0;
    }

    public Fields fields() {
        return fields;
    }

    /** Tells the status, and where the reason phrase stands among the octets of the fields. */
    public void mark(int is, int atReason, int endOfReason, HttpVersion by) {
        status = is;
        reasonFrom = atReason;
        reasonTo = endOfReason;
        version = by;
    }

    /** 100 to 999. */
    public int status() {
        return status;
    }

    /** The reason phrase; empty where the origin told none, and on wires that have none. */
    public String reason() {
        return new String(fields.octets(), reasonFrom, reasonTo - reasonFrom, StandardCharsets.ISO_8859_1);
    }

    public int reasonFrom() {
        return reasonFrom;
    }

    public int reasonLength() {
        return reasonTo - reasonFrom;
    }

    public HttpVersion version() {
        return version;
    }
}
