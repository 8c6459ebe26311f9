package io.anycastle.proxy.log;

import io.anycastle.core.model.DomainName;

/**
 * Which requests a reader of the live log wants.
 *
 * @param zone the zone that their hosts lie in
 * @param statusMin the lowest status, 0 to 999; 0 is that of a client that left before its answer
 * @param statusMax the highest one
 * @param path what their targets begin with; empty for all
 */
public record TailFilter(DomainName zone, int statusMin, int statusMax, String path) {
    private static final int STATUS_MAX = 999;

    /** All requests of a zone. */
    public static TailFilter of(DomainName zone) {
        return new TailFilter(zone, 0, STATUS_MAX, "");
    }

    public TailFilter withStatus(int min, int max) {
        return new TailFilter(zone, min, max, path);
    }

    public TailFilter withPath(String prefix) {
        return new TailFilter(zone, statusMin, statusMax, prefix);
    }

    public boolean takesStatus(int status) {
        return status >= statusMin && status <= statusMax;
    }
}
