package io.anycastle.app.api;

import io.anycastle.core.model.ZoneState;
import io.anycastle.proxy.log.LogTail;
import io.anycastle.proxy.log.TailFilter;
import io.anycastle.proxy.log.TailReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code GET /zones/{id}/tail}: what this node's proxy does for a zone, as it happens: the lines of the access log, one JSON object each. A
 * second without any is an empty line; a {@code tail} object tells how many were left out and how many found no room since the call began.
 */
final class TailCalls {
    private static final int BUSY = 10613;
    private static final int BATCH_MAX = 1000;
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Pattern STATUS = Pattern.compile("([0-9])xx|([0-9]{3})(?:-([0-9]{3}))?");

    private final Changes changes;
    private final LogTail tail;

    TailCalls(Changes changes, LogTail tail) {
        this.changes = changes;
        this.tail = tail;
    }

    /** Parameters: {@code status} as 404, 5xx or 500-504, and {@code path}, with which targets begin. */
    ApiReply follow(Call call) {
        ZoneState zone = changes.zone(call);
        TailFilter all = TailFilter.of(zone.zone().name())
                .withPath(call.query().text("path").orElse(""));
        TailFilter filter =
                call.query().text("status").map(text -> status(all, text)).orElse(all);
        if (!tail.hasRoom()) {
            throw busy();
        }
        return new ApiReply.Streamed("application/x-ndjson", out -> follow(filter, out), true);
    }

    private static ApiException busy() {
        return new ApiException(ApiError.of(
                429, BUSY, "As many follow this node's log of requests as may (access-log.tail-readers-max)"));
    }

    private static TailFilter status(TailFilter filter, String text) {
        Matcher matcher = STATUS.matcher(text);
        if (!matcher.matches()) {
            throw new ApiException(
                    ApiError.invalid("status", "expected a status such as 404, 5xx or 500-504, found '" + text + "'"));
        }
        if (matcher.group(1) != null) {
            int first = Integer.parseInt(matcher.group(1)) * 100;
            return filter.withStatus(first, first + 99);
        }
        int min = Integer.parseInt(matcher.group(2));
        return filter.withStatus(min, matcher.group(3) == null ? min : Integer.parseInt(matcher.group(3)));
    }

    private void follow(TailFilter filter, OutputStream out) throws IOException {
        Optional<TailReader> opened = tail.open(filter);
        if (opened.isEmpty()) {
            return;
        }
        try (TailReader reader = opened.get()) {
            long told = 0;
            long tellAt = System.nanoTime() + TICK.toNanos();
            out.write('\n'); // so that the client knows that it follows
            out.flush();
            while (!reader.isClosed()) {
                lines(reader, out);
                long missed = reader.omitted() + reader.dropped();
                if (missed > told && System.nanoTime() - tellAt >= 0) {
                    told = missed;
                    tellAt = System.nanoTime() + TICK.toNanos();
                    out.write(missed(reader));
                }
                out.flush();
            }
        }
    }

    /** Many of those that are there already, or the first that comes. */
    private static void lines(TailReader reader, OutputStream out) throws IOException {
        Optional<byte[]> line = reader.next(TICK);
        if (line.isEmpty()) {
            out.write('\n');
        }
        for (int lines = 0; line.isPresent(); lines++) {
            out.write(line.get());
            line = lines < BATCH_MAX ? reader.next(Duration.ZERO) : Optional.empty();
        }
    }

    private static byte[] missed(TailReader reader) {
        JsonObject counts = new JsonObject().put("omitted", reader.omitted()).put("dropped", reader.dropped());
        return (new JsonObject().put("tail", counts).encode() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
