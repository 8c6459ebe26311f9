package io.anycastle.dns.guard;

import java.security.SecureRandom;
import java.time.InstantSource;

/** The secrets in use, made anew as time goes on and when the node comes to share a key with others. Any thread reads. */
final class CurrentSecrets {
    private static final int OWN_KEY_OCTETS = 32;

    private final CookieConfig config;
    private final InstantSource clock;
    private final byte[] ownKey = new byte[OWN_KEY_OCTETS];
    private volatile CookieSecrets now;

    CurrentSecrets(CookieConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        new SecureRandom().nextBytes(ownKey);
        now = made();
    }

    CookieSecrets now() {
        return now;
    }

    /** To be called more often than every two hours. */
    void refresh() {
        now = made();
    }

    /** A node that shares no key makes cookies that only it takes, until it is restarted. */
    private CookieSecrets made() {
        return config.secret().isPresent()
                ? CookieSecrets.fixed(config)
                : CookieSecrets.derived(
                        config.sharedKey().get().orElse(ownKey), config.rollover(), clock.millis() / 1000);
    }
}
