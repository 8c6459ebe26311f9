package io.anycastle.proxy.exchange;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Names a request for logs and error pages: 16 hex digits, a hyphen and the site's code. */
public final class Ray {
    private static final int DIGITS = 16;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final AsciiString text;

    private Ray(AsciiString text) {
        this.text = text;
    }

    static Ray next(String colo) {
        byte[] octets = new byte[DIGITS + 1 + colo.length()];
        long bits = ThreadLocalRandom.current().nextLong();
        for (int i = DIGITS - 1; i >= 0; i--) {
            octets[i] = HEX[(int) bits & 0xF];
            bits >>>= 4;
        }
        octets[DIGITS] = '-';
        for (int i = 0; i < colo.length(); i++) {
            octets[DIGITS + 1 + i] = (byte) colo.charAt(i);
        }
        return new Ray(new AsciiString(octets, false));
    }

    AsciiString text() {
        return text;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
