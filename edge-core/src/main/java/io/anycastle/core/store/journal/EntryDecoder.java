package io.anycastle.core.store.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Decodes entries on several threads and hands them on in their order: a node's start is mostly this work. */
final class EntryDecoder implements LogScan.Sink, AutoCloseable {
    private static final int GROUP_BYTES = 128 << 10;
    private static final int GROUPS_MAX = 16;
    private static final int THREADS_MAX = 8;

    private final Consumer<JournalEntry> target;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()),
            Thread.ofPlatform().daemon().name("anycastle-start-", 0).factory());
    private final Deque<Future<List<JournalEntry>>> groups = new ArrayDeque<>();
    private List<byte[]> group = new ArrayList<>();
    private int groupBytes;

    EntryDecoder(Consumer<JournalEntry> target) {
        this.target = target;
    }

    @Override
    public void take(byte[] payload) throws IOException {
        group.add(payload);
        groupBytes += payload.length;
        if (groupBytes >= GROUP_BYTES) {
            submit();
        }
        if (groups.size() > GROUPS_MAX) {
            handOn();
        }
    }

    private void submit() {
        List<byte[]> payloads = group;
        groups.add(threads.submit(() -> decode(payloads)));
        group = new ArrayList<>();
        groupBytes = 0;
    }

    private static List<JournalEntry> decode(List<byte[]> payloads) throws IOException {
        List<JournalEntry> entries = new ArrayList<>(payloads.size());
        for (byte[] payload : payloads) {
            entries.add(JournalEntry.read(payload));
        }
        return entries;
    }

    private void handOn() throws IOException {
        try {
            groups.remove().get().forEach(target);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading the journal", e);
        }
    }

    /** Hands on everything that was taken. */
    void finish() throws IOException {
        submit();
        while (!groups.isEmpty()) {
            handOn();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
