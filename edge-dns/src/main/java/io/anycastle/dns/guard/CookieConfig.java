package io.anycastle.dns.guard;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * DNS cookies (RFC 7873, RFC 9018).
 *
 * @param enabled whether cookies are looked at and given out
 * @param required whether a client that shows it knows cookies must show a good one over UDP; who sends none at all is answered
 * @param secret the secret, where servers that are not nodes of this cluster answer at the same address
 * @param previousSecret still believed after {@code secret} was changed
 * @param sharedKey what every node of the cluster knows and nobody else; secrets are derived from it when none is configured. Asked once a
 *     minute, from a worker
 * @param rollover how long a derived secret is used, 2 h to 36 d (RFC 7873 section 7.1)
 */
public record CookieConfig(
        boolean enabled,
        boolean required,
        Optional<CookieSecret> secret,
        Optional<CookieSecret> previousSecret,
        Supplier<Optional<byte[]>> sharedKey,
        Duration rollover) {
    public static final CookieConfig DEFAULTS =
            new CookieConfig(true, false, Optional.empty(), Optional.empty(), Optional::empty, Duration.ofDays(1));

    public CookieConfig withRequired(boolean other) {
        return new CookieConfig(enabled, other, secret, previousSecret, sharedKey, rollover);
    }

    public CookieConfig withEnabled(boolean other) {
        return new CookieConfig(other, required, secret, previousSecret, sharedKey, rollover);
    }

    public CookieConfig withSecrets(CookieSecret current, Optional<CookieSecret> previous) {
        return new CookieConfig(enabled, required, Optional.of(current), previous, sharedKey, rollover);
    }

    public CookieConfig withSharedKey(Supplier<Optional<byte[]>> other) {
        return new CookieConfig(enabled, required, secret, previousSecret, other, rollover);
    }
}
