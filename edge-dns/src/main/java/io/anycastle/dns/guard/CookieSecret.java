package io.anycastle.dns.guard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The 128 bits that server cookies are made with (RFC 9018 section 4.4), as two words, the first octet in the lowest bits. Hides itself.
 */
public record CookieSecret(long low, long high) {
    public static final int OCTETS = 16;

    static CookieSecret of(byte[] octets) {
        ByteBuffer words = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        return new CookieSecret(words.getLong(), words.getLong());
    }

    /**
     * @param hex 32 digits, as other servers write it
     */
    public static CookieSecret ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    /** As {@link #ofHex} takes it. */
    public String hex() {
        ByteBuffer words = ByteBuffer.allocate(OCTETS).order(ByteOrder.LITTLE_ENDIAN);
        return HexFormat.of().formatHex(words.putLong(low).putLong(high).array());
    }

    @Override
    public String toString() {
        return "CookieSecret[hidden]";
    }
}
