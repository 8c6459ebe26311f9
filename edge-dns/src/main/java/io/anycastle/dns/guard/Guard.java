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
    private final Incident incident = new Incident();

    public Guard(GuardConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
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

    /** The last answer that was over a limit. */
    Incident incident() {
        return incident;
    }
}
