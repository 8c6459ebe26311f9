package io.anycastle.core.model;

/** A record's time to live in seconds, or automatic (1), whose meaning is the node's setting {@code zones.auto-ttl}. */
public record Ttl(int seconds) {
    public static final Ttl AUTO = new Ttl(1);

    public boolean isAuto() {
        return seconds == 1;
    }

    /** The seconds to answer with, given what automatic means. */
    public int orAuto(int autoSeconds) {
        return isAuto() ? autoSeconds : seconds;
    }
}
