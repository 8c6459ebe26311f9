package io.anycastle.dns.compile;

import io.anycastle.dns.wire.Wire;

/**
 * The records of one name and type, ready to be copied behind the question that asks for them. There are millions: small numbers are kept
 * small.
 *
 * @param stride octets of a record when all have the same and their order may turn; otherwise 0
 * @param compact every owner points to the question's name, and names in the data are compressed against it
 * @param plain the same without pointers in the data, for when the owner is not the question's name; the same array when nothing could
 *     be compressed
 * @param hosts for each record the name in its data whose addresses belong into the additional section, in lower-case wire form; empty
 *     where there is none or a record before has it; the root where it is the owner itself (RFC 9460 section 2.5.2); no elements when the
 *     type has no such names
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; shared, and written by nobody
public record RrSet(char type, char count, char stride, byte[] compact, byte[] plain, byte[][] hosts) {
    static final byte[][] NO_HOSTS = {};
    static final RrSet[] NONE = {};

    static RrSet of(int type, int count, int stride, byte[] compact, byte[] plain) {
        return new RrSet((char) type, (char) count, (char) stride, compact, plain, NO_HOSTS);
    }

    /** The TTL of the first record, which is that of all. */
    int ttlSeconds() {
        return Wire.u16(plain, 6) << 16 | Wire.u16(plain, 8);
    }

    RrSet withHosts(byte[][] names) {
        return new RrSet(type, count, stride, compact, plain, names);
    }
}
