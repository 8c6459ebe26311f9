package io.anycastle.dns.compile;

import io.anycastle.dns.wire.WireName;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Hashes a name label by label from the right, so that the hash of every ancestor falls out on the way. Seeded, so that nobody outside
 * can choose names that collide.
 */
public final class NameHash {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final long K = 0x9e3779b97f4a7c15L;
    private static final long WILDCARD_WORD = '*';

    private final long seed;

    public NameHash(long seed) {
        this.seed = seed;
    }

    /** The hash of the root. */
    public long root() {
        return mix(seed, K);
    }

    /** The hash of the name that starts at a label, given that of its parent. Words beyond the label are masked off. */
    public long below(long parent, WireName name, int label) {
        byte[] octets = name.octets();
        int at = name.labelAt(label);
        int left = octets[at++];
        long hash = parent + left;
        while (left > 8) {
            hash = mix(hash, (long) WORD.get(octets, at));
            at += 8;
            left -= 8;
        }
        return mix(hash, (long) WORD.get(octets, at) & (-1L >>> (64 - 8 * left)));
    }

    /** The hash of the wildcard directly below a name. */
    public long wildcardBelow(long parent) {
        return mix(parent + 1, WILDCARD_WORD);
    }

    /** What a zone's own name is kept under. */
    static int ofApex(long hash) {
        return (int) (hash ^ hash >>> 32);
    }

    /** What a name below an apex is kept under, told apart from the same name in a zone above or below. */
    static int inZone(long hash, Node apex) {
        return inZone(hash, apex.hash);
    }

    /**
     * The same.
     *
     * @param apex what the apex is kept under
     */
    static int inZone(long hash, int apex) {
        return ofApex(hash) ^ Integer.rotateLeft(apex, 16);
    }

    private long mix(long a, long b) {
        long x = a ^ seed;
        long y = b ^ K;
        return (x * y) ^ Math.unsignedMultiplyHigh(x, y) ^ Long.rotateLeft(a, 17);
    }
}
