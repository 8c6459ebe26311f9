package io.anycastle.proxy.origin;

/** 64-bit hashes that are the same on every node and after every restart: FNV-1a, and the finalizer of SplitMix64. Pure. */
public final class HashKey {
    /** No key. */
    public static final long NONE = 0;

    private static final long FNV_BASIS = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private HashKey() {}

    public static long of(byte[] octets) {
        return of(octets, 0, octets.length);
    }

    /** Never {@link #NONE}. */
    public static long of(byte[] octets, int from, int to) {
        long hash = FNV_BASIS;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (octets[i] & 0xFF)) * FNV_PRIME;
        }
        long mixed = mixed(hash);
        return mixed == NONE ? 1 : mixed;
    }

    /** A number between 0 and 1, both excluded, that depends on both. */
    static double uniform(long key, long other) {
        return ((mixed(key ^ Long.rotateLeft(other, 32)) >>> 11) + 0.5) * 0x1.0p-53;
    }

    private static long mixed(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
