package io.anycastle.proxy.log;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** One who follows the log of requests live: event loops give it lines, one thread takes them. Nobody waits for it. */
public final class TailReader implements AutoCloseable {
    /** Wakes who waits for a line when none comes any more. */
    private static final byte[] END = {};

    private final LogTail tail;
    private final TailFilter filter;
    private final LinkedBlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private final LongAdder omitted = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile boolean isClosed;
    /** Where it is leased, when that ends, and whether it is. */
    private volatile long leasedUntilNanos;

    private volatile boolean isLeased;

    TailReader(LogTail tail, TailFilter filter) {
        this.tail = tail;
        this.filter = filter;
    }

    TailFilter filter() {
        return filter;
    }

    int linesPerSecond() {
        return tail.config().linesPerSecond();
    }

    /** Lets it end by itself unless this is called again within the time. */
    void lease(Duration time) {
        leasedUntilNanos = System.nanoTime() + time.toNanos();
        isLeased = true;
    }

    /** Ends it where its lease has ended. */
    void expire(long nowNanos) {
        if (isLeased && nowNanos - leasedUntilNanos > 0 && !isClosed) {
            close();
        }
    }

    /** A whole line, from an event loop; dropped when too many wait. */
    void give(byte[] line) {
        if (isClosed) {
            return;
        }
        if (queued.addAndGet(line.length) > tail.config().bufferBytes()) {
            queued.addAndGet(-line.length);
            dropped.increment();
            tail.countDropped();
        } else {
            tail.countLine();
            queue.add(line);
        }
    }

    /** A line that was not even made, since there were enough. */
    void omit() {
        omitted.increment();
        tail.countOmitted();
    }

    /** The next line, once it comes; empty when none does in time, and one of no octets at the end. Blocks. */
    public Optional<byte[]> next(Duration atMost) {
        try {
            byte[] line = queue.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
            if (line != null) {
                queued.addAndGet(-line.length);
            }
            return Optional.ofNullable(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            return Optional.empty();
        }
    }

    /** Requests that were left out so far, so that no event loop has too much to tell. */
    public long omitted() {
        return omitted.sum();
    }

    /** Lines so far that found no room. */
    public long dropped() {
        return dropped.sum();
    }

    /** Whether nothing comes any more but what waits. */
    public boolean isClosed() {
        return isClosed;
    }

    /** Any thread; more than once does no harm. */
    @Override
    public void close() {
        isClosed = true;
        queue.add(END);
        tail.left(this);
    }
}
