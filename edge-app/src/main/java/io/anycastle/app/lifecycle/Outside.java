package io.anycastle.app.lifecycle;

import io.anycastle.core.resolve.Questions;
import io.anycastle.core.resolve.RecursiveServers;
import io.anycastle.core.resolve.ResolveConfig;
import io.anycastle.core.resolve.ResolveCounters;

/** A node's way to the DNS beyond it. */
record Outside(Questions questions, ResolveCounters counters) {
    static Outside of(ResolveConfig config) {
        ResolveCounters counters = new ResolveCounters();
        return new Outside(new RecursiveServers(config, counters), counters);
    }
}
