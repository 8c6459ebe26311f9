package io.anycastle.dns.listen;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Owns the life of one listener: open from its start to its stop. */
final class DnsVerticle extends VerticleBase {
    private final Listener listener;

    DnsVerticle(Listener listener) {
        this.listener = listener;
    }

    @Override
    public Future<?> start() {
        return listener.open(context);
    }

    @Override
    public Future<?> stop() {
        return listener.close(context);
    }
}
