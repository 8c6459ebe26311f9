package io.anycastle.dns.guard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which secrets are good now. Immutable.
 *
 * <p>Derived secrets belong to a stretch of time, and a cookie tells when it was made: so every node that has the key finds the one
 * secret that the cookie must have been made with, whenever it looks and whatever node made it, and a rollover needs no word between
 * nodes. The stretches before and after the present one are there for cookies of the last hour and for clocks that run ahead.
 */
final class CookieSecrets {
    private static final byte[] PURPOSE = "DNS server cookie".getBytes(StandardCharsets.US_ASCII);

    private final CookieSecret[][] stretches;
    private final long first;
    private final long stretchSeconds;

    private CookieSecrets(CookieSecret[][] stretches, long first, long stretchSeconds) {
        this.stretches = stretches;
        this.first = first;
        this.stretchSeconds = stretchSeconds;
    }

    /** Secrets that stand in the configuration, the one that cookies are made with first. */
    static CookieSecrets fixed(CookieConfig config) {
        CookieSecret[] secrets = Stream.concat(config.secret().stream(), config.previousSecret().stream())
                .toArray(CookieSecret[]::new);
        return new CookieSecrets(new CookieSecret[][] {secrets, secrets, secrets}, -1, Long.MAX_VALUE);
    }

    /** The secrets of the stretch that the moment lies in, of the one before and the one after. */
    static CookieSecrets derived(byte[] key, Duration stretch, long epochSecond) {
        long present = epochSecond / stretch.toSeconds();
        CookieSecret[][] secrets = new CookieSecret[3][];
        for (int i = 0; i < secrets.length; i++) {
            secrets[i] = new CookieSecret[] {derive(key, present - 1 + i)};
        }
        return new CookieSecrets(secrets, present - 1, stretch.toSeconds());
    }

    private static CookieSecret derive(byte[] key, long stretch) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(PURPOSE);
            byte[] derived =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(stretch).array());
            return CookieSecret.of(Arrays.copyOf(derived, CookieSecret.OCTETS));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those that a cookie made at that moment can have been made with, the present one first; not to be written to. */
    CookieSecret[] at(long epochSecond) {
        long stretch = epochSecond / stretchSeconds - first;
        return stretches[(int) Math.clamp(stretch, 0L, stretches.length - 1)];
    }
}
