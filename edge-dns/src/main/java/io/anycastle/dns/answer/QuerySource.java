package io.anycastle.dns.answer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Who sent a query and how it came. Drivers fill it anew for every datagram, a connection once; nothing is allocated for it. Belongs to
 * one thread at a time.
 */
public final class QuerySource {
    private final Transport transport;
    private boolean ipv6;
    private long high;
    private long low;
    private int port;
    private int idleTenths;

    public QuerySource(Transport transport) {
        this.transport = transport;
    }

    /**
     * @param address in the network's order
     */
    public void setIpv4(int address, int fromPort) {
        ipv6 = false;
        high = 0;
        low = Integer.toUnsignedLong(address);
        port = fromPort;
    }

    /**
     * @param addressHigh the first eight octets in the network's order
     * @param addressLow the last eight
     */
    public void setIpv6(long addressHigh, long addressLow, int fromPort) {
        ipv6 = true;
        high = addressHigh;
        low = addressLow;
        port = fromPort;
    }

    /** Takes an address that is an object already. */
    public void set(InetSocketAddress from) {
        set(from.getAddress(), from.getPort());
    }

    /** Takes an address that is an object already. */
    public void set(InetAddress address, int fromPort) {
        ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        if (octets.remaining() == Integer.BYTES) {
            setIpv4(octets.getInt(), fromPort);
        } else {
            setIpv6(octets.getLong(), octets.getLong(), fromPort);
        }
    }

    public Transport transport() {
        return transport;
    }

    public boolean isIpv6() {
        return ipv6;
    }

    /** The first eight octets of an IPv6 address; 0 with IPv4. */
    public long high() {
        return high;
    }

    /** The last eight octets of an IPv6 address, or the four of an IPv4 one. */
    public long low() {
        return low;
    }

    public int port() {
        return port;
    }

    /** The address, 4 or 16 octets in the network's order; a new array. */
    byte[] address() {
        return ipv6
                ? ByteBuffer.allocate(16).putLong(high).putLong(low).array()
                : ByteBuffer.allocate(4).putInt((int) low).array();
    }

    /**
     * Says how long its connection may idle from now on.
     *
     * @param tenths of a second, at most 65535
     */
    public void setIdleTenths(int tenths) {
        idleTenths = tenths;
    }

    /** How long its connection may idle, in tenths of a second; 0 where it cannot. */
    int idleTenths() {
        return idleTenths;
    }
}
