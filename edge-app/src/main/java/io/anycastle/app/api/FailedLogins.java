package io.anycastle.app.api;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong credentials per client address and minute. A right token always gets in: it cannot be guessed, and one misconfigured
 * client must not lock out the others behind its address, which on loopback are all. Any thread.
 */
final class FailedLogins {
    private static final long WINDOW_MS = 60_000;
    private static final int CLIENTS_MAX = 10_000;

    private final InstantSource clock;
    private final int max;
    private final Map<String, Window> windows = new LinkedHashMap<>();

    FailedLogins(InstantSource clock, int max) {
        this.clock = clock;
        this.max = max;
    }

    private record Window(long start, int failures) {}

    /** Notes one more failure; returns the seconds to wait when it is one too many, else 0. */
    synchronized int failed(String client) {
        long now = clock.millis();
        Window window = windows.remove(client);
        if (window == null || now - window.start >= WINDOW_MS) {
            window = new Window(now, 0);
        }
        windows.put(client, new Window(window.start, Math.min(window.failures + 1, max + 1)));
        if (windows.size() > CLIENTS_MAX) {
            windows.remove(windows.keySet().iterator().next());
        }
        return window.failures < max ? 0 : (int) Math.max(1, (window.start + WINDOW_MS - now + 999) / 1000);
    }
}
