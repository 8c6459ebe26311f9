package io.anycastle.core.model;

/** What an active zone is used for. */
public enum ZoneMode {
    /** DNS, and the proxy for the records that ask for it. */
    STANDARD,
    /** DNS alone: proxied records answer their contents, as in a paused zone. */
    DNS_ONLY
}
