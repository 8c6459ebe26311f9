package io.anycastle.dns.guard;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * The guard of a DNS service: what all its threads share. Each thread has a {@link Sentry} of its own, which looks at a query before it
 * is answered and at the answer before it is sent.
 */
public final class Guard {
    private final GuardConfig config;
    private final InstantSource clock;
    private final RateLimit rateLimit;
    private final CurrentSecrets cookieSecrets;
    private final Incident incident = new Incident();

    public Guard(GuardConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        cookieSecrets = new CurrentSecrets(config.cookies(), clock);
        rateLimit = new RateLimit(config.rateLimit(), new SecureRandom().nextLong());
    }

    GuardConfig config() {
        return config;
    }

    InstantSource clock() {
        return clock;
    }

    RateLimit rateLimit() {
        return rateLimit;
    }

    CurrentSecrets cookieSecrets() {
        return cookieSecrets;
    }

    /** Takes up the secrets of the time; to be called once a minute. May block. */
    public void refreshSecrets() {
        cookieSecrets.refresh();
    }

    /** The last answer that was over a limit. */
    Incident incident() {
        return incident;
    }
}
