package io.anycastle.proxy.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Those who follow the log of requests live, whether or not it is written anywhere. Any thread. */
public final class LogTail implements AutoCloseable {
    private final TailConfig config;
    private final LongAdder lines = new LongAdder();
    private final LongAdder omitted = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile List<TailReader> readers = List.of();
    private boolean isClosed;

    public LogTail(TailConfig config) {
        this.config = config;
    }

    TailConfig config() {
        return config;
    }

    /** A new list at each change; event loops look for it at every request. */
    List<TailReader> readers() {
        return readers;
    }

    /** Follows the log from now on; empty when as many do as may, or the proxy is ending. */
    public synchronized Optional<TailReader> open(TailFilter filter) {
        if (!hasRoom()) {
            return Optional.empty();
        }
        TailReader reader = new TailReader(this, filter);
        List<TailReader> more = new ArrayList<>(readers);
        more.add(reader);
        readers = List.copyOf(more);
        return Optional.of(reader);
    }

    /** Whether one more may follow. */
    public synchronized boolean hasRoom() {
        long now = System.nanoTime();
        readers.forEach(reader -> reader.expire(now));
        return !isClosed && readers.size() < config.readersMax();
    }

    synchronized void left(TailReader reader) {
        readers = readers.stream().filter(other -> !other.equals(reader)).toList();
    }

    void countLine() {
        lines.increment();
    }

    void countOmitted() {
        omitted.increment();
    }

    void countDropped() {
        dropped.increment();
    }

    /** What was given to readers, left out of what they get, and dropped for want of room, since the start. */
    public Map<String, Long> counts() {
        return Map.of("tail_lines", lines.sum(), "tail_omitted", omitted.sum(), "tail_dropped", dropped.sum());
    }

    /** Ends what all of them get. */
    @Override
    public synchronized void close() {
        isClosed = true;
        readers.forEach(TailReader::close);
    }
}
