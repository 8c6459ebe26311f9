package io.anycastle.dns.wire;

/** Looks into answers that this server wrote, which are well formed. */
public final class AnswerReader {
    private static final int RR_FIXED_OCTETS = 10;

    private AnswerReader() {}

    /**
     * How long an answer may be kept: no longer than the smallest TTL of its answers (RFC 8484 section 5.1), a denial as long as its SOA
     * says (RFC 2308 section 5). Seconds; 0 for what is neither.
     */
    public static long lifetimeSeconds(byte[] message) {
        int at = Wire.HEADER_OCTETS;
        for (int i = 0; i < Wire.u16(message, 4); i++) {
            at = afterName(message, at) + 4;
        }
        int answers = Wire.u16(message, 6);
        long least = answers == 0 ? 0 : Integer.MAX_VALUE;
        for (int i = 0; i < answers; i++) {
            int fixed = afterName(message, at);
            least = Math.min(least, ttl(message, fixed));
            at = afterRecord(message, fixed);
        }
        for (int i = 0; i < Wire.u16(message, 8); i++) {
            int fixed = afterName(message, at);
            at = afterRecord(message, fixed);
            if (Wire.u16(message, fixed) == Wire.TYPE_SOA) {
                long denied = Math.min(ttl(message, fixed), Integer.toUnsignedLong(Wire.i32(message, at - 4)));
                return answers == 0 ? denied : Math.min(least, denied);
            }
        }
        return least;
    }

    private static long ttl(byte[] message, int fixed) {
        return Integer.toUnsignedLong(Wire.i32(message, fixed + 4));
    }

    private static int afterRecord(byte[] message, int fixed) {
        return fixed + RR_FIXED_OCTETS + Wire.u16(message, fixed + 8);
    }

    private static int afterName(byte[] message, int from) {
        int at = from;
        while (message[at] > 0) {
            at += 1 + message[at];
        }
        return message[at] == 0 ? at + 1 : at + 2;
    }
}
