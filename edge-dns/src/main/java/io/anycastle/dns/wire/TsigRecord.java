package io.anycastle.dns.wire;

/**
 * A message's transaction signature (RFC 8945 section 4.2), as places in the message. Nobody here checks one: it says by what key and
 * algorithm the message claims to be signed. Not thread-safe: fields hold the last message's.
 */
public final class TsigRecord {
    /** BADKEY (RFC 8945 section 3): the key or the algorithm is not known here. */
    public static final int BAD_KEY = 17;

    private static final int LABEL_OCTETS_MAX = 63;
    private static final int HEAD_OCTETS = 10;
    private static final int TIME_AND_FUDGE_OCTETS = 8;

    /** Time, fudge, MAC size, original ID, error and other length. */
    private static final int FIXED_OCTETS = 16;

    /** The key's name, as it is spelled, without pointers. */
    private final byte[] key = new byte[WireName.OCTETS_MAX];

    private byte[] message = new byte[0];
    private int keyOctets;
    private int headAt;
    private int algorithmOctets;
    private int originalIdAt;

    /** Forgets the last message's. */
    void clear() {
        keyOctets = 0;
    }

    /** Whether the message has one. */
    public boolean isPresent() {
        return keyOctets > 0;
    }

    /**
     * Takes the record whose owner starts and ends at those offsets.
     *
     * @param recordEnd where the record ends, inside the message
     * @return false when it is none that could be answered (RFC 8945 section 5.2: FORMERR)
     */
    boolean read(byte[] octets, int ownerAt, int ownerEnd, int recordEnd) {
        int data = ownerEnd + HEAD_OCTETS;
        int algorithmEnd = endOfName(octets, data, recordEnd);
        boolean isFit = Wire.u16(octets, ownerEnd + 2) == Wire.CLASS_ANY
                && algorithmEnd > 0
                && algorithmEnd + FIXED_OCTETS <= recordEnd;
        if (!isFit) {
            return false;
        }
        int macAt = algorithmEnd + TIME_AND_FUDGE_OCTETS + 2;
        int idAt = macAt + Wire.u16(octets, macAt - 2);
        if (idAt + 6 > recordEnd || idAt + 6 + Wire.u16(octets, idAt + 4) != recordEnd) {
            return false;
        }
        message = octets;
        keyOctets = readKey(octets, ownerAt, recordEnd);
        headAt = ownerEnd;
        algorithmOctets = algorithmEnd - data;
        originalIdAt = idAt;
        return keyOctets > 0;
    }

    /** Spells the name out that starts there, whose pointers all lead backwards; returns its octets, 0 where it is none. */
    private int readKey(byte[] octets, int ownerAt, int end) {
        int at = ownerAt;
        int before = ownerAt;
        int length = 0;
        while (octets[at] != 0) {
            int size = octets[at] & 0xff;
            if (at + 1 + Math.min(size, LABEL_OCTETS_MAX) >= end) {
                return 0;
            }
            if (size >= 0xc0) {
                at = Wire.u16(octets, at) & Wire.POINTER_MAX;
                if (at >= before || at < Wire.HEADER_OCTETS) {
                    return 0;
                }
                before = at;
            } else if (size > LABEL_OCTETS_MAX || length + 1 + size >= key.length) {
                return 0;
            } else {
                System.arraycopy(octets, at, key, length, 1 + size);
                length += 1 + size;
                at += 1 + size;
            }
        }
        key[length] = 0;
        return length + 1;
    }

    /** Where a name without pointers ends; -1 where there is none before that offset. */
    private static int endOfName(byte[] octets, int from, int before) {
        int at = from;
        while (at < before && octets[at] > 0 && octets[at] <= LABEL_OCTETS_MAX) {
            at += 1 + octets[at];
        }
        boolean isName = at < before && octets[at] == 0 && at + 1 - from <= WireName.OCTETS_MAX;
        return isName ? at + 1 : -1;
    }

    /** Octets of the record that answers this one without signing. */
    int unsignedOctets() {
        return keyOctets + HEAD_OCTETS + algorithmOctets + FIXED_OCTETS;
    }

    /** Writes the record of an answer that nobody signs (RFC 8945 section 5.3.2): key, algorithm and time as asked, no MAC. */
    void writeUnsigned(byte[] out, int at, int error) {
        int copied = HEAD_OCTETS + algorithmOctets + TIME_AND_FUDGE_OCTETS;
        int head = at + keyOctets;
        System.arraycopy(key, 0, out, at, keyOctets);
        System.arraycopy(message, headAt, out, head, copied);
        Wire.putU16(out, head + HEAD_OCTETS - 2, algorithmOctets + FIXED_OCTETS);
        int end = head + copied;
        Wire.putU16(out, end, 0);
        Wire.putU16(out, end + 2, Wire.u16(message, originalIdAt));
        Wire.putU16(out, end + 4, error);
        Wire.putU16(out, end + 6, 0);
    }
}
