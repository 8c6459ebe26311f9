package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.origin.OriginMember;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.reply.EdgeError;
import org.jspecify.annotations.Nullable;

/**
 * A request that may go to one of several origins: which of them it is with, what it met there, and whether another may be asked. Belongs
 * to its exchange.
 */
final class SeveralOrigins {
    private final Exchange exchange;
    private int attempt;
    private @Nullable OriginMember asked;

    private SeveralOrigins(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Null where there is nothing to choose. */
    static @Nullable SeveralOrigins of(Exchange exchange) {
        return exchange.group().isAlone() ? null : new SeveralOrigins(exchange);
    }

    private OriginMember member() {
        return exchange.origins().get(attempt);
    }

    OriginTarget target() {
        return member().target();
    }

    /** Counts the origins that were asked before this one. */
    int attempt() {
        return attempt;
    }

    /** Whether the request has another origin left, whatever the budget says. */
    boolean hasNext() {
        return attempt + 1 < exchange.origins().size();
    }

    /** The request goes to it now; {@link #ends} follows. */
    void begins() {
        OriginMember now = member();
        if (now.equals(asked)) {
            return; // once more
        }
        ends();
        asked = now;
        now.begins(attempt == 0);
        if (now.isFallback()) {
            exchange.counters().count(Event.ORIGIN_FALLBACKS);
        }
    }

    /** The request is no longer with any of them; any number of times. */
    void ends() {
        OriginMember left = asked;
        asked = null;
        if (left != null) {
            left.ends();
        }
    }

    void answered(int status) {
        exchange.group().answered(member(), status);
    }

    /** The origin gave no answer. That it is busy is no failure of it. */
    void failed(EdgeError error) {
        if (error != EdgeError.TOO_BUSY) {
            exchange.group().failed(member(), error.code() + " " + error.title());
        }
    }

    /** Whether the request goes to another origin now; it is counted then. */
    boolean goesOn() {
        if (!hasNext()) {
            return false;
        }
        if (!exchange.origins().get(attempt + 1).takesRetry()) {
            exchange.counters().count(Event.ORIGIN_RETRIES_DENIED);
            return false;
        }
        attempt++;
        exchange.counters().count(Event.ORIGIN_FAILOVERS);
        return true;
    }
}
