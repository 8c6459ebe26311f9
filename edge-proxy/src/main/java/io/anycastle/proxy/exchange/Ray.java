package io.anycastle.proxy.exchange;

import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Names a request for logs and error pages: 16 hex digits, a hyphen and the site's code. */
final class Ray {
    private static final int DIGITS = 16;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final FastThreadLocal<Written> WRITTEN = new FastThreadLocal<>() {
        @Override
        protected Written initialValue() {
            return new Written("");
        }
    };

    private Ray() {}

    /** The digits of a new name. */
    static long next() {
        return ThreadLocalRandom.current().nextLong();
    }

    /** The name for who copies it at once: the next that is asked for on this thread is written in its place. */
    static AsciiString text(long digits, String colo) {
        Written written = WRITTEN.get();
        if (!written.colo.equals(colo)) {
            written = new Written(colo);
            WRITTEN.set(written);
        }
        return written.with(digits);
    }

    /** One name, of which only the digits change. */
    private static final class Written {
        private final String colo;
        private final byte[] octets;
        private final AsciiString text;

        Written(String colo) {
            this.colo = colo;
            octets = ("0".repeat(DIGITS) + "-" + colo).getBytes(StandardCharsets.US_ASCII);
            text = new AsciiString(octets, false);
        }

        AsciiString with(long bits) {
            long left = bits;
            for (int i = DIGITS - 1; i >= 0; i--) {
                octets[i] = HEX[(int) left & 0xF];
                left >>>= 4;
            }
            text.arrayChanged();
            return text;
        }
    }
}
