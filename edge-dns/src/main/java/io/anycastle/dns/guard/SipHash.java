package io.anycastle.dns.guard;

/**
 * SipHash-2-4 (Aumasson and Bernstein) over whole words. Not thread-safe: fields hold the state; they are what keeps it free of
 * allocation.
 */
final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    void begin(long key0, long key1) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    /** Takes eight octets of the message, the first in the lowest bits. */
    void word(long octets) {
        v3 ^= octets;
        round();
        round();
        v0 ^= octets;
    }

    /**
     * The hash.
     *
     * @param rest the up to seven octets that are left, the first in the lowest bits
     * @param length octets of the whole message
     */
    long finish(long rest, int length) {
        word((long) length << 56 | rest);
        v2 ^= 0xff;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
