package io.anycastle.core.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** A network of addresses: {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address. Immutable. */
public final class Cidr {
    private final byte[] network;
    private final int bits;

    private Cidr(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /**
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Cidr of(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        byte[] address;
        try {
            if (literal.indexOf(':') < 0
                    && literal.chars().filter(c -> c == '.').count() != 3) {
                throw new IllegalArgumentException("a short form says too little");
            }
            address = InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no network: expected an IP address with or without /bits", e);
        }
        int bitsMax = address.length * Byte.SIZE;
        int bits = slash < 0 ? bitsMax : bits(text, slash, bitsMax);
        return new Cidr(address, bits);
    }

    private static int bits(String text, int slash, int bitsMax) {
        String digits = text.substring(slash + 1);
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > bitsMax) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no network: the bits are a number from 0 to " + bitsMax);
        }
        return Integer.parseInt(digits);
    }

    /** Four octets, or sixteen; those beyond {@link #bits} say nothing. */
    public byte[] address() {
        return network.clone();
    }

    /** How many leading bits of the address make the network. */
    public int bits() {
        return bits;
    }

    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length != network.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (octets[i] != network[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || ((octets[whole] ^ network[whole]) & 0xFF) >>> (Byte.SIZE - rest) == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr cidr && cidr.bits == bits && Arrays.equals(cidr.network, network);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(network) * 31 + bits;
    }

    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
