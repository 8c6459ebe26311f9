package io.anycastle.core.store.journal;

import io.anycastle.core.limit.RateLimitedLog;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneDelta;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's own memory on disk: an append log of zone deltas and a compacted snapshot.
 *
 * <p>One thread owns the log file, so that an interrupted caller cannot close it and callers that come together share one fsync. An
 * appended delta is durable but open; the store settles it once the cluster agrees, or aborts it. A zone has at most one open delta,
 * which the store sees to. The image is what is settled. When the log is too large, a new one is begun with the open deltas in it, and
 * the image of that moment is written as a snapshot in the background.
 */
public final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final RateLimitedLog OFTEN = new RateLimitedLog(LOG, InstantSource.system());
    private static final int BATCH_MAX = 1_000;

    private final DataFolder folder;
    private final JournalSettings settings;
    private final JournalCounters counters;
    private final Stamp highestStamp;
    private final List<String> damage;
    private final BlockingQueue<Write> queue = new LinkedBlockingQueue<>();
    private final Thread writer = new Thread(this::writeAll, "anycastle-journal");

    /** Written under this. */
    private volatile StoreImage image;
    /** Durable deltas that are neither settled nor aborted, by sequence. Guarded by this. */
    private final Map<Long, byte[]> open = new LinkedHashMap<>();
    /** What waits for its snapshot. Guarded by this. */
    private final Map<Write, ZoneDelta> adopted = new HashMap<>();
    /** Guarded by this. */
    private long sequence;

    private final AtomicLong logBytes = new AtomicLong();
    private volatile boolean closing;
    /** Used by the writer only, as are the next two. */
    private LogFile log;

    private long generation;
    private final List<Write> unwrittenAborts = new ArrayList<>();
    private volatile Thread snapshotter = new Thread("no snapshot yet");

    /** A delta on its way to the disk. */
    public record Appended(long sequence, ZoneDelta delta) {}

    /** An entry in the queue; {@code sequence} is the delta's that it is or aborts. */
    private static final class Write {
        final long sequence;
        final byte[] bytes;
        final Kind kind;
        final CompletableFuture<Void> done = new CompletableFuture<>();

        Write(long sequence, byte[] bytes, Kind kind) {
            this.sequence = sequence;
            this.bytes = bytes;
            this.kind = kind;
        }
    }

    private enum Kind {
        DELTA,
        ABORT,
        ADOPT,
        STOP
    }

    private Journal(DataFolder folder, JournalSettings settings, JournalCounters counters, JournalRecovery found)
            throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.counters = counters;
        image = found.image();
        sequence = found.sequence();
        generation = found.generation();
        damage = found.damage();
        highestStamp = found.highestStamp();
        logBytes.set(found.logBytes());
        var path = folder.file(JournalRecovery.logName(generation));
        if (found.goodBytes() >= LogFile.HEADER_BYTES) {
            log = LogFile.goOn(path, found.goodBytes());
        } else {
            log = LogFile.create(path);
            log.force();
            folder.sync();
        }
    }

    /** Reads what is there and gets ready to append. */
    public static Journal open(DataFolder folder, JournalSettings settings, JournalCounters counters)
            throws IOException {
        JournalRecovery found = new JournalRecovery(folder, settings.entryBytesMax()).read();
        Journal journal = new Journal(folder, settings, counters, found);
        journal.writer.setDaemon(true);
        journal.writer.start();
        return journal;
    }

    /** Everything settled. */
    public StoreImage image() {
        return image;
    }

    /** The highest stamp that was on disk at the start. */
    public Stamp highestStamp() {
        return highestStamp;
    }

    /** One sentence for each damaged place that was found at the start. */
    public List<String> damage() {
        return damage;
    }

    /** Bytes in logs since the last snapshot. */
    public long logBytes() {
        return logBytes.get();
    }

    /**
     * Makes a delta durable. Blocks at most that long.
     *
     * @throws JournalException when it is certain that nothing was kept
     * @throws TimeoutException when the disk did not answer in time; an abort is on its way
     */
    public Appended append(ZoneDelta delta, Duration timeout) throws JournalException, TimeoutException {
        byte[] zone = JournalEntry.zone(delta); // outside the lock: a large one takes a while
        Write write;
        synchronized (this) {
            long next = ++sequence;
            byte[] bytes = JournalEntry.delta(next, zone);
            if (bytes.length > settings.entryBytesMax()) {
                throw new JournalException("the change set takes " + bytes.length + " bytes; at most "
                        + settings.entryBytesMax() + " are allowed");
            }
            write = enqueue(next, bytes, Kind.DELTA);
        }
        Appended appended = new Appended(write.sequence, delta);
        try {
            await(write, timeout);
            return appended;
        } catch (TimeoutException e) {
            abort(appended);
            throw e;
        }
    }

    /**
     * Makes a state durable that is too large for one entry, by a snapshot, and settles it. Blocks until that is written; nothing else of
     * the zone may be written meanwhile.
     */
    public void adopt(ZoneDelta delta) throws IOException {
        Write write;
        try {
            synchronized (this) {
                write = enqueue(0, new byte[0], Kind.ADOPT);
                adopted.put(write, delta);
            }
            write.done.get();
        } catch (JournalException e) {
            throw new IOException(e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        synchronized (this) {
            image = image.with(delta);
        }
    }

    private Write enqueue(long of, byte[] bytes, Kind kind) throws JournalException {
        if (closing) {
            throw new JournalException("the store is closed");
        }
        Write write = new Write(of, bytes, kind);
        queue.add(write);
        return write;
    }

    private static void await(Write write, Duration timeout) throws JournalException, TimeoutException {
        try {
            write.done.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new JournalException(e.getCause() instanceof IOException io ? DataFolder.plain(io) : e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        }
    }

    /** The delta counts: it is part of the image from now on. */
    public synchronized void settle(Appended appended) {
        open.remove(appended.sequence);
        image = image.with(appended.delta);
    }

    /** The delta never happened. Written in order before any later delta, at once or as soon as the disk takes it. */
    public synchronized void abort(Appended appended) {
        open.remove(appended.sequence);
        try {
            enqueue(appended.sequence, new JournalEntry.Abort(appended.sequence).bytes(), Kind.ABORT);
        } catch (JournalException e) {
            LOG.warn("a change of {} may come back at the next start: {}", appended.delta.zone(), e.getMessage());
        }
    }

    /** Ends after everything queued is written. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
            queue.add(new Write(0, new byte[0], Kind.STOP));
        }
        try {
            writer.join();
            snapshotter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        List<Write> batch = new ArrayList<>();
        boolean isRunning = true;
        if (!damage.isEmpty()) {
            rotate(Optional.empty(), new CompletableFuture<>()); // so that the next start finds a whole snapshot
        }
        while (isRunning) {
            batch.clear();
            batch.addAll(unwrittenAborts);
            unwrittenAborts.clear();
            batch.add(take());
            queue.drainTo(batch, BATCH_MAX);
            isRunning = !batch.removeIf(w -> w.kind == Kind.STOP);
            List<Write> adoptions =
                    batch.stream().filter(w -> w.kind == Kind.ADOPT).toList();
            batch.removeAll(adoptions);
            writeBatch(batch);
            adoptions.forEach(this::writeAdopted);
            if (isRunning && log.length() > settings.logBytesMax() && !snapshotter.isAlive()) {
                rotate(Optional.empty(), new CompletableFuture<>());
            }
        }
        closeLog();
    }

    private void writeAdopted(Write write) {
        try {
            snapshotter.join();
        } catch (InterruptedException e) {
            LOG.debug("the journal thread is only ended by close()", e);
        }
        ZoneDelta delta;
        synchronized (this) {
            delta = Objects.requireNonNull(adopted.remove(write));
        }
        if (!rotate(Optional.of(delta), write.done)) {
            write.done.completeExceptionally(new IOException("no new log can be begun"));
        }
    }

    private Write take() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                LOG.debug("the journal thread is only ended by close()", e);
            }
        }
    }

    /** All in one go with one fsync; where that fails, one by one, so that a small change still gets in when a large one does not. */
    private void writeBatch(List<Write> batch) {
        if (batch.isEmpty() || write(batch)) {
            return;
        }
        if (batch.size() > 1) {
            batch.forEach(write -> write(List.of(write)));
        }
        for (Write write : batch) {
            if (write.kind == Kind.ABORT && !write.done.isDone()) {
                unwrittenAborts.add(write);
            }
        }
    }

    private boolean write(List<Write> batch) {
        try {
            long before = log.length();
            log.cutBackIfNeeded();
            for (Write write : batch) {
                log.append(write.bytes);
            }
            log.force();
            counters.fsyncs.increment();
            counters.entries.add(batch.size());
            counters.bytes.add(log.length() - before);
            logBytes.addAndGet(log.length() - before);
            written(batch);
            return true;
        } catch (IOException e) {
            refused(batch, e);
            return false;
        }
    }

    private void written(List<Write> batch) {
        synchronized (this) {
            for (Write write : batch) {
                if (write.kind == Kind.DELTA) {
                    open.put(write.sequence, write.bytes);
                } else {
                    open.remove(write.sequence);
                }
            }
        }
        batch.forEach(write -> write.done.complete(null));
    }

    private void refused(List<Write> batch, IOException e) {
        try {
            log.cutBack();
        } catch (IOException again) {
            e.addSuppressed(again);
        }
        if (batch.size() > 1) {
            return;
        }
        counters.failures.increment();
        String why = DataFolder.plain(e);
        OFTEN.error(why, log.path() + " cannot be written: " + why + "; changes are refused, what is there stays");
        if (batch.get(0).kind == Kind.DELTA) {
            batch.get(0).done.completeExceptionally(e);
        }
    }

    /** Begins the next log with the open deltas and writes the image of this moment as its snapshot. */
    private boolean rotate(Optional<ZoneDelta> adopting, CompletableFuture<Void> done) {
        StoreImage settled;
        List<byte[]> carried;
        long last;
        synchronized (this) {
            settled = adopting.map(image::with).orElse(image);
            carried = List.copyOf(open.values());
            last = sequence;
        }
        try {
            LogFile next = LogFile.create(folder.file(JournalRecovery.logName(generation + 1)));
            for (byte[] bytes : carried) {
                next.append(bytes);
            }
            next.force();
            folder.sync();
            log.close();
            log = next;
            generation++;
        } catch (IOException e) {
            LOG.error("no new log can be begun, the old one grows on: {}", DataFolder.plain(e));
            return false;
        }
        Snapshot snapshot = new Snapshot(folder, settings, generation, last, settled);
        snapshotter = Thread.ofPlatform().name("anycastle-snapshot").daemon().start(() -> write(snapshot, done));
        return true;
    }

    private void write(Snapshot snapshot, CompletableFuture<Void> done) {
        long start = System.nanoTime();
        try {
            long kept = snapshot.write();
            synchronized (this) {
                image = image.withoutTombstonesBefore(snapshot.tombstonesBefore());
            }
            logBytes.set(kept);
            counters.snapshots.increment();
            counters.snapshotMillis.add(
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
            done.complete(null);
        } catch (IOException e) {
            LOG.error("no snapshot can be written, the log is kept: {}", DataFolder.plain(e));
            done.completeExceptionally(e);
        }
    }

    private void closeLog() {
        for (Write left = queue.poll(); left != null; left = queue.poll()) {
            left.done.completeExceptionally(new InterruptedIOException("the store is closed"));
        }
        try {
            log.close();
        } catch (IOException e) {
            LOG.warn("{} cannot be closed: {}", log.path(), DataFolder.plain(e));
        }
    }
}
