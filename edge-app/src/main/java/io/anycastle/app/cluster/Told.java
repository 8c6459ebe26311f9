package io.anycastle.app.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;

/** Logs what happens again and again once a minute instead; any thread. */
final class Told {
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int KEPT = 1000;

    private final Logger log;
    private final InstantSource clock;
    private final Map<String, Instant> last = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > KEPT;
        }
    };

    Told(Logger log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    void warn(String line) {
        if (isDue(line)) {
            log.warn("{}", line);
        }
    }

    private synchronized boolean isDue(String line) {
        Instant now = clock.instant();
        Instant before = last.get(line);
        if (before != null && before.plus(PAUSE).isAfter(now)) {
            return false;
        }
        last.remove(line);
        last.put(line, now);
        return true;
    }
}
