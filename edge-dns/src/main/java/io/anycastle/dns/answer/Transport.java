package io.anycastle.dns.answer;

/** How a query came, which bounds its answer. */
public enum Transport {
    UDP,
    TCP,
    /** TLS (RFC 7858). */
    DOT,
    /** HTTPS (RFC 8484). */
    DOH;

    /** Whether an answer must fit a datagram; otherwise it has the 65535 octets of a stream's frame. */
    public boolean isDatagram() {
        return this == UDP;
    }

    /** Whether nobody on the way can read it, so that padding is worth its octets (RFC 7830 section 6). */
    public boolean isEncrypted() {
        return this == DOT || this == DOH;
    }
}
