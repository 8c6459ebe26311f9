package io.anycastle.dns.wire;

/**
 * Which names a message holds so far, for later ones to point to (RFC 1035 section 4.1.4). Bounded: what comes after the table is full is
 * spelled out. Allocates nothing. Not thread-safe.
 */
final class KnownNames {
    private static final int NAMES_MAX = 192;

    private final char[] at = new char[NAMES_MAX];

    /** Octets of the name that starts there, root included: names of other lengths need not be looked at. */
    private final byte[] octets = new byte[NAMES_MAX];

    private int count;

    void clear() {
        count = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Learns a name and each of its ancestors, as far as they are spelled out there. */
    void learn(byte[] message, int nameAt, int nameOctets) {
        int position = nameAt;
        int left = nameOctets;
        while (count < NAMES_MAX && position <= Wire.POINTER_MAX && message[position] > 0) {
            at[count] = (char) position;
            octets[count++] = (byte) left;
            int label = 1 + message[position];
            position += label;
            left -= label;
        }
    }

    /**
     * Where the name lies.
     *
     * @param name in wire form from that offset on
     * @return -1 when the message does not hold it
     */
    int find(byte[] message, byte[] name, int from, int nameOctets) {
        for (int i = 0; i < count; i++) {
            if ((octets[i] & 0xff) == nameOctets && isAt(message, at[i], name, from)) {
                return at[i];
            }
        }
        return -1;
    }

    /** Whether that name, whatever its case, lies there; pointers, which all lead backwards, are followed. */
    static boolean isAt(byte[] message, int position, byte[] name, int from) {
        int there = Wire.follow(message, position);
        int here = from;
        while (message[there] == name[here]) {
            int size = name[here];
            if (size == 0) {
                return true;
            }
            if (!WireName.isSame(message, there + 1, name, here + 1, size)) {
                return false;
            }
            there = Wire.follow(message, there + 1 + size);
            here += 1 + size;
        }
        return false;
    }
}
