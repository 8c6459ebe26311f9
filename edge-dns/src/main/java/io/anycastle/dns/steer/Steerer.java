package io.anycastle.dns.steer;

import io.anycastle.dns.compile.RrSet;
import io.anycastle.dns.wire.EdnsOptions;
import org.jspecify.annotations.Nullable;

/**
 * One thread's choice of edge addresses, query by query. Who the client is, is found out only when a proxied name is answered. Allocates
 * nothing.
 */
public final class Steerer {
    private static final int SUBNET_HEADER_OCTETS = 4;
    private static final long STEP = 0x9e3779b97f4a7c15L;
    private static final int FAMILY_IPV6 = 2;

    private final CurrentSteering current;
    private Steering now;
    private boolean ipv6;
    private long high;
    private long low;
    private boolean isSubnet;
    private boolean isKindKnown;
    private long kind;
    private long random = System.nanoTime();

    public Steerer(CurrentSteering current) {
        this.current = current;
        now = current.get();
    }

    /**
     * Starts a query of the client with that address.
     *
     * @param addressHigh the first 64 bits of an IPv6 address; of an IPv4 address 0
     * @param addressLow the other 64 bits; of an IPv4 address its 32 bits
     */
    public void begin(boolean isIpv6, long addressHigh, long addressLow) {
        now = current.get();
        ipv6 = isIpv6;
        high = addressHigh;
        low = addressLow;
        isSubnet = false;
        isKindKnown = false;
    }

    /**
     * Takes the subnet that the query names for its client (RFC 7871), where that makes a difference. One of no bits says that nothing is
     * to be known of the client; then the asker itself counts.
     *
     * @return whether the answer is to repeat it
     */
    public boolean takeSubnet(byte[] message, EdnsOptions options) {
        if (!now.isByPlace() || !options.hasSubnet()) {
            return false;
        }
        if (options.subnetPrefix() > 0) {
            isSubnet = true;
            ipv6 = options.subnetFamily() == FAMILY_IPV6;
            int from = options.subnetAt() + SUBNET_HEADER_OCTETS;
            int octets = options.subnetLength() - SUBNET_HEADER_OCTETS;
            high = ipv6 ? word(message, from, octets, 0, 8) : 0;
            low = ipv6 ? word(message, from, octets, 8, 8) : word(message, from, octets, 0, 4);
        }
        return true;
    }

    /** So many octets of an address from there on, those that are not told being zero. */
    private static long word(byte[] message, int from, int told, int first, int count) {
        long word = 0;
        for (int i = first; i < first + count; i++) {
            word = word << 8 | (i < told ? message[from + i] & 0xff : 0);
        }
        return word;
    }

    /**
     * The addresses that this query's client gets.
     *
     * @param type A or AAAA
     * @return null when there are none of the family
     */
    public @Nullable RrSet addresses(int type) {
        if (!isKindKnown) {
            kind = now.kind(ipv6, high, low);
            isKindKnown = true;
        }
        random = random * STEP + 1;
        return now.addresses(type, kind, (int) (random >>> 40));
    }

    /** For how many bits of the client's subnet the answer holds (RFC 7871 section 7.2.1): 0 when it is the same for all. */
    public int scope() {
        return isSubnet && isKindKnown ? Steering.prefixOf(kind) : 0;
    }
}
