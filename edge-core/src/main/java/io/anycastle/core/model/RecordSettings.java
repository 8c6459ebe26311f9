package io.anycastle.core.model;

/**
 * What a record has beside its data: switches, and how its origin is asked.
 *
 * @param ipv4Only whether a proxied name answers edge addresses of IPv4 alone
 * @param ipv6Only the same of IPv6
 * @param flattenCname whether a DNS-only CNAME is flattened
 */
public record RecordSettings(boolean ipv4Only, boolean ipv6Only, boolean flattenCname, OriginSettings origin) {
    public static final RecordSettings NONE = new RecordSettings(false, false, false);

    public RecordSettings(boolean ipv4Only, boolean ipv6Only, boolean flattenCname) {
        this(ipv4Only, ipv6Only, flattenCname, OriginSettings.NONE);
    }

    /** Whether any of the switches is on. */
    public boolean hasSwitch() {
        return ipv4Only || ipv6Only || flattenCname;
    }

    public RecordSettings withOrigin(OriginSettings other) {
        return new RecordSettings(ipv4Only, ipv6Only, flattenCname, other);
    }
}
