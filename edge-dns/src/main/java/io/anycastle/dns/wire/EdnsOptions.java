package io.anycastle.dns.wire;

/**
 * The options of a query's OPT record that somebody here understands (RFC 6891 section 6.1.2), as places in the message. Of an option
 * that comes twice the first counts. Not thread-safe: fields hold the last message's.
 */
public final class EdnsOptions {
    public static final int NSID = 3;
    public static final int CLIENT_SUBNET = 8;
    public static final int COOKIE = 10;
    public static final int TCP_KEEPALIVE = 11;
    public static final int PADDING = 12;

    private static final int HEADER_OCTETS = 4;
    private static final int SUBNET_FIXED_OCTETS = 4;
    private static final int FAMILY_IPV4 = 1;
    private static final int FAMILY_IPV6 = 2;

    private byte[] message = new byte[0];
    private boolean nsid;
    private boolean tcpKeepalive;
    private boolean padding;
    private int cookieAt;
    private int cookieLength;
    private int subnetAt;
    private int subnetLength;

    /** Forgets the last message's options. */
    void clear() {
        nsid = false;
        tcpKeepalive = false;
        padding = false;
        cookieAt = 0;
        cookieLength = 0;
        subnetAt = 0;
        subnetLength = 0;
    }

    /**
     * Reads the options between the two offsets.
     *
     * @return whether they are well formed; one that is not makes the message FORMERR
     */
    boolean read(byte[] octets, int from, int end) {
        message = octets;
        int at = from;
        while (at + HEADER_OCTETS <= end) {
            int value = at + HEADER_OCTETS;
            int length = Wire.u16(octets, at + 2);
            if (value + length > end || !take(Wire.u16(octets, at), value, length)) {
                return false;
            }
            at = value + length;
        }
        return at == end;
    }

    private boolean take(int code, int at, int length) {
        switch (code) {
            case NSID -> nsid = true;
            case TCP_KEEPALIVE -> tcpKeepalive = true;
            case PADDING -> padding = true;
            case COOKIE -> {
                if (cookieAt == 0) {
                    cookieAt = at;
                    cookieLength = length;
                }
            }
            case CLIENT_SUBNET -> {
                if (subnetAt == 0) {
                    subnetAt = at;
                    subnetLength = length;
                    return isSubnetSane();
                }
            }
            default -> {}
        }
        return true;
    }

    /**
     * As RFC 7871 section 6 has a query's: a known family, scope 0, as many octets as the prefix needs, nothing set after it. Family 0
     * with no address at all is what some resolvers send to say that they tell nothing.
     */
    private boolean isSubnetSane() {
        if (subnetLength < SUBNET_FIXED_OCTETS || message[subnetAt + 3] != 0) {
            return false;
        }
        int bitsMax = switch (subnetFamily()) {
            case 0 -> 0;
            case FAMILY_IPV4 -> 32;
            case FAMILY_IPV6 -> 128;
            default -> -1;
        };
        int bits = subnetPrefix();
        int octets = (bits + 7) >>> 3;
        if (bits > bitsMax || subnetLength != SUBNET_FIXED_OCTETS + octets) {
            return false;
        }
        int spare = octets * 8 - bits;
        return (message[subnetAt + subnetLength - 1] & ((1 << spare) - 1)) == 0;
    }

    /** Whether the client wants to know which node answers (RFC 5001 section 2.1). */
    public boolean hasNsid() {
        return nsid;
    }

    /** Whether the client asks how long its TCP connection may idle (RFC 7828 section 3.2.1). */
    public boolean hasTcpKeepalive() {
        return tcpKeepalive;
    }

    /** Whether the query was padded, so that its answer should be (RFC 7830 section 4). */
    public boolean hasPadding() {
        return padding;
    }

    public boolean hasCookie() {
        return cookieAt > 0;
    }

    /** Where the cookie's value starts in the message. */
    public int cookieAt() {
        return cookieAt;
    }

    /** Octets of the cookie, client's and server's part together. */
    public int cookieLength() {
        return cookieLength;
    }

    /** Whether the client tells for whom it asks (RFC 7871); what it tells is well formed then. */
    public boolean hasSubnet() {
        return subnetAt > 0;
    }

    /** Where the client subnet's value starts in the message; its address starts four octets later. */
    public int subnetAt() {
        return subnetAt;
    }

    /** Octets of the client subnet's value. */
    public int subnetLength() {
        return subnetLength;
    }

    /** 1 for IPv4, 2 for IPv6, 0 for none. */
    public int subnetFamily() {
        return Wire.u16(message, subnetAt);
    }

    /** Bits of the client subnet's address that are told. */
    public int subnetPrefix() {
        return message[subnetAt + 2] & 0xff;
    }
}
