package io.anycastle.app.api;

import io.anycastle.core.model.ZoneState;
import io.anycastle.proxy.log.LogTail;
import io.anycastle.proxy.log.TailFilter;
import io.anycastle.proxy.log.TailReader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code GET /zones/{id}/tail}: what the proxies of all nodes do for a zone, as it happens: the lines of their access logs, one JSON object
 * each. See {@link TailStream}.
 */
final class TailCalls {
    private static final int BUSY = 10613;
    private static final Pattern STATUS = Pattern.compile("([0-9])xx|([0-9]{3})(?:-([0-9]{3}))?");

    private final Changes changes;
    private final LogTail tail;
    private final TailPeers peers;

    TailCalls(Changes changes, LogTail tail, TailPeers peers) {
        this.changes = changes;
        this.tail = tail;
        this.peers = peers;
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
        try (TailReader reader = opened.get();
                OtherTails others = new OtherTails(peers, filter)) {
            new TailStream(reader, others, out).run();
        }
    }
}
