package io.anycastle.proxy.listen;

import io.anycastle.core.limit.Networks;
import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.message.RequestHead;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The client connections of one event loop, and what they share. Belongs to it. */
public final class LoopConnections {
    private static final int SPARE_HEADS_MAX = 256;

    private final ProxyCounters counters;
    private volatile Serving serving;
    private final Set<ConnectionFacts> open = new LinkedHashSet<>();
    private final List<Channel> sockets = new ArrayList<>();
    private final Deque<RequestHead> spareHeads = new ArrayDeque<>();
    private final Promise<Void> drained = Promise.promise();
    private boolean isLastCall;
    private boolean isDraining;

    /** What connections go by; it changes where the configuration does. */
    private record Serving(ProxyConfig config, RequestHandler handler, Networks networks) {}

    public LoopConnections(ProxyConfig config, ProxyCounters counters, RequestHandler handler) {
        this.counters = counters;
        this.serving = new Serving(config, handler, config.networks());
    }

    /** Lets connections go by that from now on, those that stand as well: each with its next request, or its next deadline. */
    public void change(ProxyConfig config, RequestHandler handler) {
        serving = new Serving(config, handler, config.networks());
    }

    /** Any thread. */
    ProxyConfig config() {
        return serving.config;
    }

    ClientLimits limits() {
        return serving.config.clients();
    }

    Networks networks() {
        return serving.networks;
    }

    ProxyCounters counters() {
        return counters;
    }

    RequestHandler handler() {
        return serving.handler;
    }

    void opened(ConnectionFacts connection) {
        open.add(connection);
        if (isLastCall) {
            connection.lastCall();
        }
        if (isDraining) {
            connection.endSoon();
        }
    }

    void closed(ConnectionFacts connection) {
        open.remove(connection);
        if (isDraining && open.isEmpty()) {
            drained.tryComplete();
        }
    }

    /** Takes a socket that many connections share, which ends with the loop's part in the proxy. */
    void owns(Channel socket) {
        sockets.add(socket);
    }

    /** A head for the next request: connections without one hold none. */
    RequestHead takeHead() {
        RequestHead spare = spareHeads.pollLast();
        return spare == null ? new RequestHead() : spare;
    }

    void giveBack(RequestHead head) {
        if (spareHeads.size() < SPARE_HEADS_MAX && !head.isLarge()) {
            head.clear();
            spareHeads.addLast(head);
        }
    }

    /** Lets every connection look at its deadlines. */
    public void expire(long nowNanos) {
        // A copy, because a connection that ends leaves the set.
        for (ConnectionFacts connection : List.copyOf(open)) {
            connection.expire(nowNanos);
        }
    }

    /** Lets the next answer of each connection be its last. */
    public void lastCall() {
        isLastCall = true;
        open.forEach(ConnectionFacts::lastCall);
    }

    /**
     * Ends idle connections and WebSockets, and lets each answer under way be its connection's last.
     *
     * @return completes when none is left
     */
    public Future<Void> drain() {
        isDraining = true;
        for (ConnectionFacts connection : List.copyOf(open)) {
            connection.endSoon();
            connection.stops(true);
        }
        if (open.isEmpty()) {
            drained.tryComplete();
        }
        return drained.future();
    }

    boolean isDraining() {
        return isDraining;
    }

    /** Closes all of them now. */
    public void close() {
        isDraining = true;
        for (ConnectionFacts connection : List.copyOf(open)) {
            connection.stops(false);
            connection.close();
        }
        sockets.forEach(Channel::close);
    }
}
