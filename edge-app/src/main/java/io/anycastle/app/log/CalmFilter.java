package io.anycastle.app.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets a library say the same only once a minute: lines that differ in nothing but numbers are the same. What this program says itself
 * passes, and with the level DEBUG everything does. Any thread.
 */
final class CalmFilter extends Filter<ILoggingEvent> {
    private static final long PAUSE_MS = Duration.ofMinutes(1).toMillis();
    private static final int KEPT = 1_000;
    private static final int SHOWN_MAX = 120;

    /** When each line was last said, by the time of the event. Guarded by this. */
    private final Map<String, Long> last = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > KEPT;
        }
    };

    @Override
    public FilterReply decide(ILoggingEvent event) {
        String logger = event.getLoggerName();
        if (logger.startsWith("io.anycastle") || logger.startsWith("anycastle") || LogLines.isAllWanted()) {
            return FilterReply.NEUTRAL;
        }
        String text = String.valueOf(event.getFormattedMessage());
        String shape =
                text.substring(0, Math.min(SHOWN_MAX, text.length())).replaceAll("[0-9a-f]*[0-9][0-9a-f-]*", "#");
        return isDue(logger + " " + shape, event.getTimeStamp()) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private synchronized boolean isDue(String line, long now) {
        Long before = last.get(line);
        if (before != null && now - before < PAUSE_MS) {
            return false;
        }
        last.remove(line);
        last.put(line, now);
        return true;
    }
}
