package io.anycastle.dns.wire;

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
