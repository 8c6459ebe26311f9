package io.anycastle.dns.wire;

import java.util.Arrays;

/**
 * A domain name in lower-case wire form with the place of each label, reused from query to query. Not thread-safe.
 *
 * <p>Eight octets of slack follow the longest name, so that a hash may read whole words beyond the last label.
 */
public final class WireName {
    /** Longest name in octets, root included (RFC 1035 section 2.3.4). */
    public static final int OCTETS_MAX = 255;

    private static final int LABEL_OCTETS_MAX = 63;
    private static final int LABELS_MAX = 127;
    private static final byte[] LOWER = lowerCase();

    private final byte[] octets = new byte[OCTETS_MAX + 8];
    private final short[] labelAt = new short[LABELS_MAX + 1];
    private int labels;
    private int length;

    /**
     * Reads an uncompressed name; a compression pointer or an over-long name is refused.
     *
     * @param end the first octet after the readable part of the message
     * @return the offset after the name, or -1 when it is malformed
     */
    public int read(byte[] message, int from, int end) {
        int at = from;
        int count = 0;
        while (at < end) {
            int size = message[at];
            if (size == 0) {
                return accept(message, from, at + 1, count);
            }
            if (size < 0 || size > LABEL_OCTETS_MAX || at + 1 + size - from >= OCTETS_MAX) {
                return -1;
            }
            labelAt[count++] = (short) (at - from);
            at += 1 + size;
        }
        return -1;
    }

    private int accept(byte[] message, int from, int end, int count) {
        labels = count;
        length = end - from;
        labelAt[count] = (short) (length - 1);
        for (int i = 0; i < length; i++) {
            octets[i] = LOWER[message[from + i] & 0xff];
        }
        return end;
    }

    /** Takes a name that is known to be well-formed. */
    public void set(byte[] wire) {
        int end = read(wire, 0, wire.length);
        if (end != wire.length) {
            throw new IllegalArgumentException("not one uncompressed name");
        }
    }

    /** Becomes no name, not even the root: without labels and octets. */
    void clear() {
        labels = 0;
        length = 0;
    }

    /**
     * Becomes another name with everything from one of its labels on replaced (RFC 6672 section 2.2).
     *
     * @param name may be this one
     * @param suffix a well-formed name
     * @return false, and this name is as before, when the result is too long for a name
     */
    public boolean substitute(WireName name, int label, byte[] suffix) {
        int kept = name.labelAt[label];
        if (kept + suffix.length > OCTETS_MAX) {
            return false;
        }
        System.arraycopy(name.octets, 0, octets, 0, kept);
        System.arraycopy(suffix, 0, octets, kept, suffix.length);
        return read(octets, 0, kept + suffix.length) > 0;
    }

    /** Whether this name is the other one from that label on, or lies below it. */
    public boolean isAtOrBelow(WireName other, int label) {
        int from = other.labelAt[label];
        int octetsThere = other.length - from;
        return length >= octetsThere
                && isLabelStart(length - octetsThere)
                && Arrays.equals(octets, length - octetsThere, length, other.octets, from, other.length);
    }

    private boolean isLabelStart(int at) {
        for (int i = 0; i <= labels; i++) {
            if (labelAt[i] == at) {
                return true;
            }
        }
        return false;
    }

    /** Whether octets are the same but for the case of letters. */
    static boolean isSame(byte[] a, int aFrom, byte[] b, int bFrom, int count) {
        for (int i = 0; i < count; i++) {
            if (LOWER[a[aFrom + i] & 0xff] != LOWER[b[bFrom + i] & 0xff]) {
                return false;
            }
        }
        return true;
    }

    /** The lower-case octets, valid up to {@link #length}. */
    public byte[] octets() {
        return octets;
    }

    /** Octets, root included. */
    public int length() {
        return length;
    }

    /** How many labels, the root not counted. */
    public int labels() {
        return labels;
    }

    /** Where the label starts, counted from the left; that of index {@link #labels} is the root. */
    public int labelAt(int index) {
        return labelAt[index];
    }

    private static byte[] lowerCase() {
        byte[] table = new byte[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) (i >= 'A' && i <= 'Z' ? i + ('a' - 'A') : i);
        }
        return table;
    }
}
