package io.anycastle.proxy.reply;

/** Whose doing an error is. */
public enum Fault {
    CLIENT("client", "the request"),
    ORIGIN("origin", "the web server behind this edge"),
    OWNER("owner", "the settings of this site"),
    EDGE("edge", "this edge");

    private final String word;
    private final String place;

    Fault(String word, String place) {
        this.word = word;
        this.place = place;
    }

    public String word() {
        return word;
    }

    /** Where to look, in a visitor's words. */
    public String place() {
        return place;
    }
}
