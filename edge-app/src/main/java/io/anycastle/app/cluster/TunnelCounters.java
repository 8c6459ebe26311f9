package io.anycastle.app.cluster;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the tunnel has counted since the node started. */
public final class TunnelCounters {
    final LongAdder in = new LongAdder();
    final LongAdder out = new LongAdder();
    final LongAdder open = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder handshakeFailures = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder joins = new LongAdder();
    final LongAdder joinsRefused = new LongAdder();
    final LongAdder renewals = new LongAdder();

    /** Every counter by name, in a fixed order; names are stable. {@code connections_open} goes up and down. */
    public Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("connections_open", open.sum());
        all.put("connections_in", in.sum());
        all.put("connections_out", out.sum());
        all.put("connections_refused", refused.sum());
        all.put("connections_failed", failed.sum());
        all.put("handshake_failures", handshakeFailures.sum());
        all.put("bytes_in", bytesIn.sum());
        all.put("bytes_out", bytesOut.sum());
        all.put("joins", joins.sum());
        all.put("joins_refused", joinsRefused.sum());
        all.put("certificate_renewals", renewals.sum());
        return Collections.unmodifiableMap(all);
    }
}
