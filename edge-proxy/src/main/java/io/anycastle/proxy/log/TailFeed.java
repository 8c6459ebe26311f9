package io.anycastle.proxy.log;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What one event loop gives to one reader: at most so many lines a second, evenly spread (the generic cell rate algorithm, with room for a
 * tenth of a second at once), so that a busy loop has little to do for it. Belongs to the loop.
 */
public final class TailFeed {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final TailReader reader;
    private final long intervalNanos;
    private final long burstNanos;
    private final LogChunk chunk = new LogChunk();
    private final AccessLogLines lines;
    private long nextNanos = System.nanoTime() - SECOND;

    TailFeed(TailReader reader) {
        this.reader = reader;
        this.intervalNanos = SECOND / reader.linesPerSecond();
        this.burstNanos = SECOND / 10;
        this.lines = new AccessLogLines(() -> chunk, this::give);
    }

    boolean isOf(TailReader other) {
        return reader.equals(other);
    }

    public TailFilter filter() {
        return reader.filter();
    }

    /** Whether a line of a request that the reader wants is to be made now; counts it where it is not. */
    public boolean takesLine(long nowNanos) {
        reader.expire(nowNanos);
        if (nextNanos - nowNanos > 0) {
            reader.omit();
            return false;
        }
        long behind = nowNanos - burstNanos;
        nextNanos = (nextNanos - behind > 0 ? nextNanos : behind) + intervalNanos;
        return true;
    }

    /** Where the line is written, which is given on by {@link AccessLogLines#flush}. */
    public AccessLogLines lines() {
        return lines;
    }

    private void give(LogChunk whole) {
        reader.give(Arrays.copyOf(whole.octets(), whole.size()));
        whole.clear();
    }
}
