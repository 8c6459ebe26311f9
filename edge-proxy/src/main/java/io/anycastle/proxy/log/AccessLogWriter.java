package io.anycastle.proxy.log;

import io.anycastle.core.limit.RateLimitedLog;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the access log of all event loops, on a thread of its own. Any thread. */
public final class AccessLogWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLogWriter.class);
    private static final int SPARE_MAX = 64;

    private final AccessLogConfig config;
    private final LogSink sink;
    private final LinkedBlockingQueue<LogChunk> queue = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<LogChunk> spare = new ConcurrentLinkedQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private final LongAdder dropped = new LongAdder();
    private final LogChunk end = new LogChunk();
    private final Thread thread;
    private volatile boolean isClosed;

    private AccessLogWriter(AccessLogConfig config, LogSink sink) {
        this.config = config;
        this.sink = sink;
        this.thread = Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
    }

    /**
     * Opens the log.
     *
     * @throws IOException when its file, or the way to its server, cannot be opened; the message is a plain sentence
     */
    public static AccessLogWriter open(AccessLogConfig config) throws IOException {
        return started(config, LogSink.of(config));
    }

    /** Does all the same, and writes nothing. */
    public static AccessLogWriter toNowhere(AccessLogConfig config) {
        return started(config, new LogSink.Nowhere());
    }

    private static AccessLogWriter started(AccessLogConfig config, LogSink sink) {
        AccessLogWriter writer = new AccessLogWriter(config, sink);
        writer.thread.start();
        return writer;
    }

    AccessLogConfig config() {
        return config;
    }

    /** Lines that were not written: too many waited, or the writing failed. */
    public long dropped() {
        return dropped.sum();
    }

    /** A chunk to fill. */
    LogChunk take() {
        LogChunk chunk = spare.poll();
        return chunk == null ? new LogChunk() : chunk;
    }

    /** Queues whole lines; drops them when too many wait. */
    void give(LogChunk lines) {
        if (isClosed || queued.addAndGet(lines.size()) > config.queueBytesMax()) {
            if (!isClosed) {
                queued.addAndGet(-lines.size());
            }
            dropped.add(lines.lines());
            recycle(lines);
        } else {
            queue.add(lines);
        }
    }

    private void recycle(LogChunk chunk) {
        chunk.clear();
        if (spare.size() < SPARE_MAX) {
            spare.add(chunk);
        }
    }

    private void run() {
        RateLimitedLog told = new RateLimitedLog(LOG, InstantSource.system());
        try (LogSink open = sink) {
            for (LogChunk next = next(); next != null && next != end; next = next()) {
                try {
                    open.write(next.octets(), next.size());
                } catch (IOException e) {
                    dropped.add(next.lines());
                    told.warn("access log", "The access log cannot be written: " + e.getMessage());
                }
                queued.addAndGet(-next.size());
                recycle(next);
            }
        } catch (IOException e) {
            LOG.warn("The access log did not end well: {}", e.getMessage());
        }
    }

    private @Nullable LogChunk next() {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Writes what is queued, and ends. Blocks. */
    @Override
    public void close() {
        isClosed = true;
        queue.add(end);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
