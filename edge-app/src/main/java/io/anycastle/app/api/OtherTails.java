package io.anycastle.app.api;

import io.anycastle.proxy.log.TailAnswer;
import io.anycastle.proxy.log.TailFilter;
import io.anycastle.proxy.log.TailQuestion;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The logs of all other nodes for one who follows them here. They are asked twice a second for what has come, whoever is in the cluster then;
 * nobody waits for one that does not answer. Belongs to the call's thread.
 */
final class OtherTails implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final TailPeers peers;
    private final TailFilter filter;
    private final String id = UUID.randomUUID().toString();
    /** What each node's last answer told of lines that did not come; of a node that left as well. */
    private final Map<String, TailAnswer> last = new HashMap<>();

    private final SortedSet<String> without = new TreeSet<>();
    private CompletableFuture<Map<String, byte[]>> asked;
    private long askedNanos;

    OtherTails(TailPeers peers, TailFilter filter) {
        this.peers = peers;
        this.filter = filter;
        this.asked = ask();
    }

    private CompletableFuture<Map<String, byte[]>> ask() {
        askedNanos = System.nanoTime();
        byte[] question = new TailQuestion(id, filter, false).bytes();
        return CompletableFuture.supplyAsync(() -> peers.ask(question), Thread::startVirtualThread)
                .exceptionally(failure -> Map.of()); // the cluster layer is going down
    }

    /** Writes the lines that have come from the others; whether there were any. */
    boolean write(OutputStream out) throws IOException {
        if (!asked.isDone() || System.nanoTime() - askedNanos < PAUSE.toNanos()) {
            return false;
        }
        boolean hasLines = false;
        without.clear();
        for (var answered : asked.join().entrySet()) {
            TailAnswer answer = new TailAnswer(answered.getValue());
            if (answer.isGiven()) {
                byte[] lines = answer.lines();
                hasLines |= lines.length > 0;
                out.write(lines);
                last.put(answered.getKey(), answer);
            } else {
                without.add(answered.getKey());
            }
        }
        asked = ask();
        return hasLines;
    }

    long omitted() {
        return last.values().stream().mapToLong(TailAnswer::omitted).sum();
    }

    long dropped() {
        return last.values().stream().mapToLong(TailAnswer::dropped).sum();
    }

    /** Nodes whose logs as many follow as may. */
    SortedSet<String> without() {
        return without;
    }

    /** Ends the reading there. Blocks. */
    @Override
    public void close() {
        asked.join();
        try {
            peers.ask(new TailQuestion(id, filter, true).bytes());
        } catch (RuntimeException e) {
            return; // the cluster layer is going down: the others end it by themselves
        }
    }
}
