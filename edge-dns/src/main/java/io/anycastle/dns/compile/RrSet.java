package io.anycastle.dns.compile;

import io.anycastle.dns.wire.Wire;

/**
 * The records of one name and type, ready to be copied behind the question that asks for them.
 *
 * @param count how many records
 * @param compact every owner points to the question's name, and names in the data are compressed against it
 * @param plain the same without pointers in the data, for when the owner is not the question's name; the same array when nothing could
 *     be compressed
 * @param stride octets of a record when all have the same and their order may turn; otherwise 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; shared, and written by nobody
public record RrSet(int type, int count, byte[] compact, byte[] plain, int stride) {
    /** The TTL of the first record, which is that of all. */
    int ttlSeconds() {
        return Wire.u16(plain, 6) << 16 | Wire.u16(plain, 8);
    }
}
