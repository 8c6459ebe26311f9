package io.anycastle.app.lifecycle;

import io.anycastle.core.resolve.DnsClient;
import io.anycastle.core.resolve.RecursiveServers;
import io.anycastle.core.resolve.ResolveConfig;
import io.anycastle.core.resolve.ResolveCounters;
import io.anycastle.dns.flatten.Flattener;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node's way to the DNS beyond it, and what it learns there for itself. */
final class OutboundDns implements AutoCloseable {
    private final DnsClient dnsClient;
    private final ResolveCounters counters;
    private volatile @Nullable Flattener flattener;

    private OutboundDns(DnsClient dnsClient, ResolveCounters counters) {
        this.dnsClient = dnsClient;
        this.counters = counters;
    }

    static OutboundDns of(ResolveConfig config) {
        ResolveCounters counters = new ResolveCounters();
        return new OutboundDns(new RecursiveServers(config, counters), counters);
    }

    DnsClient dnsClient() {
        return dnsClient;
    }

    ResolveCounters counters() {
        return counters;
    }

    void flattens(Flattener started) {
        flattener = started;
    }

    Map<String, Long> counts() {
        Map<String, Long> all = new LinkedHashMap<>(counters.all());
        Flattener now = flattener;
        if (now != null) {
            all.putAll(now.counters().all());
        }
        return all;
    }

    /** Keeps what was learnt; blocks for the write of a file. */
    @Override
    public void close() {
        Flattener now = flattener;
        if (now != null) {
            now.close();
        }
    }
}
