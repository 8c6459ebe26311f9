package io.anycastle.core.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;

/** Logs what happens again and again once a minute instead; any thread. */
public final class RateLimitedLog {
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

    /** @param clock by which a minute is over */
    public RateLimitedLog(Logger log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /** Warns with that line, unless it did within the last minute. */
    public void warn(String line) {
        warn(line, line);
    }

    /** Warns with that line, unless it did of the same subject within the last minute. */
    public void warn(String subject, String line) {
        if (isDue(subject)) {
            log.warn("{}", line);
        } else {
            log.debug("{}", line);
        }
    }

    /** The same as information. */
    public void info(String subject, String line) {
        if (isDue(subject)) {
            log.info("{}", line);
        } else {
            log.debug("{}", line);
        }
    }

    /** The same as an error. */
    public void error(String subject, String line) {
        if (isDue(subject)) {
            log.error("{}", line);
        } else {
            log.debug("{}", line);
        }
    }

    private synchronized boolean isDue(String subject) {
        Instant now = clock.instant();
        Instant before = last.get(subject);
        if (before != null && before.plus(PAUSE).isAfter(now)) {
            return false;
        }
        last.remove(subject);
        last.put(subject, now);
        return true;
    }
}
