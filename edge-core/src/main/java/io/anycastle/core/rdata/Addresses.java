package io.anycastle.core.rdata;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.xbill.DNS.Address;

/** Reads IP addresses, without ever asking the DNS for one. */
final class Addresses {
    static final String OWN = "this is an address of the edge itself; expected the origin's own address";

    private Addresses() {}

    /** Why nothing can be sent there; empty where it can. */
    static Optional<String> noDestination(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return Optional.of("the unspecified address is no destination");
        }
        boolean isForMany =
                address.isMulticastAddress() || address.getHostAddress().equals("255.255.255.255");
        return isForMany ? Optional.of("a multicast or broadcast address is no destination") : Optional.empty();
    }

    /** The address of four or sixteen octets. */
    static InetAddress of(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 octets", e);
        }
    }

    /** The four octets of dotted decimal text; short forms, leading zeros and other radixes are no addresses. */
    static Optional<byte[]> ipv4(String text) {
        byte[] octets = new byte[4];
        int part = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (value < 0 || part == 4) {
                    return Optional.empty();
                }
                octets[part++] = (byte) value;
                value = -1;
            } else if (c < '0' || c > '9' || value == 0) {
                return Optional.empty();
            } else {
                value = Math.max(value, 0) * 10 + (c - '0');
                if (value > 255) {
                    return Optional.empty();
                }
            }
        }
        return part == 4 ? Optional.of(octets) : Optional.empty();
    }

    /** The sixteen octets of any spelling of RFC 4291 section 2.2, without a zone index. */
    static Optional<byte[]> ipv6(String text) {
        return text.indexOf(':') < 0 ? Optional.empty() : Optional.ofNullable(Address.toByteArray(text, Address.IPv6));
    }
}
