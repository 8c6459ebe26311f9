package io.anycastle.core.limit;

import io.anycastle.core.model.AddressText;
import io.anycastle.core.model.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * How clients are grouped: who shares a network shares its limits, and some networks have none. Addresses are two longs, an IPv4 one in
 * the lower half of the second. Immutable; allocates nothing when asked.
 *
 * @param ipv4Prefix bits of an IPv4 address that make a client's network, 8 to 32
 * @param ipv6Prefix bits of an IPv6 address, 16 to 64
 * @param exempt networks that no limit applies to
 */
public record Networks(int ipv4Prefix, int ipv6Prefix, List<Cidr> exempt) {
    /** Those of DNS. Loopback is exempt: whoever asks from there is on the node itself. */
    public static final Networks DEFAULTS = new Networks(24, 56, List.of(Cidr.of("127.0.0.0/8"), Cidr.of("::1/128")));

    /** What stands for the network of a client that no limit applies to. */
    public static final long EXEMPT = -1;

    public Networks {
        exempt = List.copyOf(exempt);
    }

    /** The network of a client, as a number that no network of the other family has. */
    public long of(boolean ipv6, long high, long low) {
        return ipv6 ? high >>> (64 - ipv6Prefix) | Long.MIN_VALUE : low >>> (32 - ipv4Prefix);
    }

    /** The network of a client whose address is an object already. */
    public long of(InetAddress client) {
        ByteBuffer octets = ByteBuffer.wrap(client.getAddress());
        return octets.remaining() == 16
                ? of(true, octets.getLong(), octets.getLong())
                : of(false, 0, Integer.toUnsignedLong(octets.getInt()));
    }

    public boolean isExempt(InetAddress client) {
        return exempt.stream().anyMatch(network -> network.contains(client));
    }

    /** The network of a client, or {@link #EXEMPT}. */
    public long limited(InetAddress client) {
        return isExempt(client) ? EXEMPT : of(client);
    }

    /** The network of a client in words: {@code 192.0.2.0/24}. */
    public String text(InetAddress client) {
        ByteBuffer octets = ByteBuffer.wrap(client.getAddress());
        return octets.remaining() == 16
                ? text(true, octets.getLong(), octets.getLong())
                : text(false, 0, Integer.toUnsignedLong(octets.getInt()));
    }

    /** The same of an address in two longs. */
    public String text(boolean ipv6, long high, long low) {
        ByteBuffer octets = ByteBuffer.allocate(ipv6 ? 16 : 4);
        if (ipv6) {
            octets.putLong(high & -1L << (64 - ipv6Prefix)).putLong(0);
        } else {
            octets.putInt((int) (low & -1L << (32 - ipv4Prefix)));
        }
        return AddressText.of(octets.array()) + "/" + (ipv6 ? ipv6Prefix : ipv4Prefix);
    }

    /** The exempt networks in the form in which they are compared. */
    public Exempt exemptions() {
        return new Exempt(exempt);
    }

    /** Networks as masks and values. */
    public static final class Exempt {
        private final boolean[] ipv6;
        private final long[] highMask;
        private final long[] high;
        private final long[] lowMask;
        private final long[] low;

        private Exempt(List<Cidr> networks) {
            int count = networks.size();
            ipv6 = new boolean[count];
            highMask = new long[count];
            high = new long[count];
            lowMask = new long[count];
            low = new long[count];
            for (int i = 0; i < count; i++) {
                Cidr network = networks.get(i);
                ByteBuffer octets = ByteBuffer.wrap(network.address());
                ipv6[i] = octets.remaining() == 16;
                highMask[i] = ipv6[i] ? mask(network.bits()) : 0;
                high[i] = ipv6[i] ? octets.getLong() & highMask[i] : 0;
                lowMask[i] = ipv6[i] ? mask(network.bits() - 64) : mask(32 + network.bits()) & 0xffff_ffffL;
                low[i] = (ipv6[i] ? octets.getLong() : Integer.toUnsignedLong(octets.getInt())) & lowMask[i];
            }
        }

        private static long mask(int bits) {
            return bits <= 0 ? 0 : -1L << (64 - Math.min(bits, 64));
        }

        public boolean contains(boolean isIpv6, long addressHigh, long addressLow) {
            for (int i = 0; i < high.length; i++) {
                if (ipv6[i] == isIpv6
                        && (addressHigh & highMask[i]) == high[i]
                        && (addressLow & lowMask[i]) == low[i]) {
                    return true;
                }
            }
            return false;
        }
    }
}
