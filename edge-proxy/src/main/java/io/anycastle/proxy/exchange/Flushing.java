package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.listen.DeadlineHolder;

/** Waits until the client has taken the rest of its answer. */
final class Flushing implements DeadlineHolder {
    private final Exchange exchange;
    private final long sinceNanos = System.nanoTime();

    Flushing(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void expire(long nowNanos) {
        if (nowNanos - sinceNanos
                > exchange.surroundings().config().clients().write().toNanos()) {
            exchange.counters().count(Event.ANSWERS_TRUNCATED);
            exchange.end();
            exchange.connection().reset();
        }
    }
}
