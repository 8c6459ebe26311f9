package io.anycastle.core.model;

import java.util.Arrays;
import java.util.HexFormat;

/** A record's data in its uncompressed wire form. Immutable. */
public final class Rdata {
    private final byte[] wire;

    private Rdata(byte[] wire) {
        this.wire = wire;
    }

    /** Takes a copy. */
    public static Rdata of(byte[] wire) {
        return new Rdata(wire.clone());
    }

    /** Shares the array, which nobody may write to any more. */
    static Rdata sharing(byte[] wire) {
        return new Rdata(wire);
    }

    byte[] shared() {
        return wire;
    }

    /** Octets, 0 to 65535. */
    public int length() {
        return wire.length;
    }

    /** A copy of the octets. */
    public byte[] wire() {
        return wire.clone();
    }

    public void copyTo(byte[] target, int at) {
        System.arraycopy(wire, 0, target, at, wire.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rdata rdata && Arrays.equals(rdata.wire, wire);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(wire);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(wire);
    }
}
