package io.anycastle.app.api;

import io.anycastle.proxy.log.TailReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one who follows the log gets. A second without any line is an empty line; a {@code tail} object tells how many were left out and how
 * many found no room since the call began, and which nodes have no room for the reader. Belongs to the call's thread.
 */
final class TailStream {
    private static final int BATCH_MAX = 1000;
    private static final Duration WAIT = Duration.ofMillis(250);
    private static final long TICK_NANOS = Duration.ofSeconds(1).toNanos();

    private final TailReader reader;
    private final OtherTails others;
    private final OutputStream out;
    private long wroteNanos = System.nanoTime();
    private long toldNanos = wroteNanos;
    private long toldMissed;
    private List<String> toldWithout = List.of();

    TailStream(TailReader reader, OtherTails others, OutputStream out) {
        this.reader = reader;
        this.others = others;
        this.out = out;
    }

    /** Until the reader is closed, or the client leaves. Blocks. */
    void run() throws IOException {
        out.write('\n'); // so that the client knows that it follows
        out.flush();
        while (!reader.isClosed()) {
            boolean hasLines = lines();
            boolean haveOthers = others.write(out);
            long now = System.nanoTime();
            if (hasLines || haveOthers) {
                wroteNanos = now;
            } else if (now - wroteNanos >= TICK_NANOS) {
                wroteNanos = now;
                out.write('\n');
            }
            if (now - toldNanos >= TICK_NANOS) {
                toldNanos = now;
                tellMissed();
            }
            out.flush();
        }
    }

    /** Many of those that are there already, or the first that comes; whether there were any. */
    private boolean lines() throws IOException {
        Optional<byte[]> line = reader.next(WAIT);
        boolean hasLines = line.isPresent();
        for (int lines = 0; line.isPresent(); lines++) {
            out.write(line.get());
            line = lines < BATCH_MAX ? reader.next(Duration.ZERO) : Optional.empty();
        }
        return hasLines;
    }

    private void tellMissed() throws IOException {
        long omitted = reader.omitted() + others.omitted();
        long dropped = reader.dropped() + others.dropped();
        List<String> without = new ArrayList<>(others.without());
        if (omitted + dropped != toldMissed || !without.equals(toldWithout)) {
            toldMissed = omitted + dropped;
            toldWithout = without;
            JsonObject missed = new JsonObject()
                    .put("omitted", omitted)
                    .put("dropped", dropped)
                    .put("without", new JsonArray(without));
            out.write((new JsonObject().put("tail", missed).encode() + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
