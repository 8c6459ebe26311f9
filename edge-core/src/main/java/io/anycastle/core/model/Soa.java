package io.anycastle.core.model;

/**
 * The SOA of every zone, without its serial (RFC 1035 section 3.3.13); all times in seconds.
 *
 * @param hostmaster a label below each zone, or with a dot in it a whole mailbox name
 * @param ttlSeconds 1 to 86400
 * @param refreshSeconds 600 to 86400
 * @param retrySeconds 600 to 3600
 * @param expireSeconds 86400 to 2419200
 * @param minimumSeconds how long "no" may be cached, 60 to 86400
 */
public record Soa(
        String hostmaster,
        int ttlSeconds,
        int refreshSeconds,
        int retrySeconds,
        int expireSeconds,
        int minimumSeconds) {
    public static final Soa DEFAULTS = new Soa("hostmaster", 3600, 10000, 2400, 604800, 1800);

    /** The mailbox of a zone's owner; the zone's own name where the label no longer fits below it. */
    public DomainName mailbox(DomainName zone) {
        if (hostmaster.contains(".") || zone.isRoot()) {
            return DomainName.of(hostmaster);
        }
        boolean fits = hostmaster.length() + 1 + zone.wire().length <= DomainName.WIRE_OCTETS_MAX;
        return fits ? DomainName.of(hostmaster + "." + zone) : zone;
    }
}
