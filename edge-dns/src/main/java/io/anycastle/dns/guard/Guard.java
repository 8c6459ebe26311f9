package io.anycastle.dns.guard;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * The guard of a DNS service: what all its threads share. Each thread has a {@link ThreadGuard} of its own, which looks at a query before it
 * is answered and at the answer before it is sent.
 */
public final class Guard {
    private final GuardConfig config;
    private final InstantSource clock;
    private final RateLimit rateLimit;
    private final CurrentSecrets cookieSecrets;
    private final RandomLabels randomLabels;
    private final NetworkConnections connections;
    private final Incident incident = new Incident();

    public Guard(GuardConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        cookieSecrets = new CurrentSecrets(config.cookies(), clock);
        randomLabels = new RandomLabels(config.randomLabels());
        connections = new NetworkConnections(config);
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

    /** The watch for floods of made-up names. */
    public RandomLabels randomLabels() {
        return randomLabels;
    }

    /** How many connections each client network has. */
    public NetworkConnections connections() {
        return connections;
    }

    /** The last answer that was over a limit. */
    Incident incident() {
        return incident;
    }
}
