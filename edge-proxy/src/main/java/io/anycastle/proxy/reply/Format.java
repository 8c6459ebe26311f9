package io.anycastle.proxy.reply;

/** The forms an error can be written in; the first is what a client gets that has no wish. */
public enum Format {
    HTML("text", "html", "text/html; charset=utf-8"),
    PROBLEM("application", "problem+json", "application/problem+json"),
    JSON("application", "json", "application/json"),
    MARKDOWN("text", "markdown", "text/markdown; charset=utf-8");

    private final String type;
    private final String subtype;
    private final String contentType;

    Format(String type, String subtype, String contentType) {
        this.type = type;
        this.subtype = subtype;
        this.contentType = contentType;
    }

    String type() {
        return type;
    }

    String subtype() {
        return subtype;
    }

    public String contentType() {
        return contentType;
    }
}
