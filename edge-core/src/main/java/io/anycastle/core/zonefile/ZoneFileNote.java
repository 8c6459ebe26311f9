package io.anycastle.core.zonefile;

/** What there is to say about one line of a zone file. */
public record ZoneFileNote(String file, int line, String said) {
    /** One line for people: {@code example.com.zone:12: content '1.2.3': expected an IPv4 address}. */
    public String sentence() {
        return file + ":" + line + ": " + said;
    }
}
