package io.anycastle.app.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts what one client address tries within a minute; any thread. */
final class AttemptLimit {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int CLIENTS_KEPT = 10_000;

    private record Window(Instant began, int count) {}

    private final int perMinute;
    private final InstantSource clock;
    private final Map<String, Window> windows = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > CLIENTS_KEPT;
        }
    };

    AttemptLimit(int perMinute, InstantSource clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    synchronized boolean isAllowed(String client) {
        Instant now = clock.instant();
        Window window = windows.get(client);
        Window next = window == null || window.began().plus(WINDOW).isBefore(now)
                ? new Window(now, 1)
                : new Window(window.began(), window.count() + 1);
        windows.put(client, next);
        return next.count() <= perMinute;
    }
}
