package io.anycastle.core.model;

/** A record's switches: which family a proxied name answers, and whether a DNS-only CNAME is flattened. */
public record RecordSettings(boolean ipv4Only, boolean ipv6Only, boolean flattenCname) {
    public static final RecordSettings NONE = new RecordSettings(false, false, false);
}
