package io.anycastle.proxy.origin;

import io.anycastle.proxy.message.ResponseListener;
import io.netty.channel.Channel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one target that requests share, and who waits for one. Until it is known what the target speaks, one connection is
 * made to find that out and all requests wait for it: one of HTTP/2 carries many of them, and for HTTP/1.1 each gets its own. Belongs to its
 * pool's event loop.
 */
final class TargetConnections implements ConnectionHolder, Http2OriginConnection.Holder {
    private enum Speaks {
        UNKNOWN,
        HTTP_1,
        HTTP_2
    }

    private final OriginPool pool;
    private final OriginConfig config;
    private final OriginTarget target;
    /** Those of HTTP/1.1 that nobody uses; the last used is the last. */
    private final ArrayDeque<Http1OriginConnection> unused = new ArrayDeque<>();
    /** Those of HTTP/2. */
    private final List<Http2OriginConnection> shared = new ArrayList<>();

    private final ArrayDeque<ResponseListener> waiting = new ArrayDeque<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private OriginWire wire;
    private Speaks speaks;
    /** How many there are, those that are being made included. */
    private int count;

    TargetConnections(OriginPool pool, OriginConfig config, OriginTarget target) {
        this.pool = pool;
        this.config = config;
        this.target = target;
        this.wire = switch (target.scheme()) {
            case HTTP -> OriginWire.HTTP_1;
            case HTTPS -> config.http2().isOffered() ? OriginWire.EITHER : OriginWire.HTTP_1;
            case H2C -> OriginWire.HTTP_2;
        };
        this.speaks = speaks();
    }

    /** What is known without a connection. */
    private Speaks speaks() {
        return switch (wire) {
            case HTTP_1 -> Speaks.HTTP_1;
            case HTTP_2 -> Speaks.HTTP_2;
            case EITHER -> Speaks.UNKNOWN;
        };
    }

    void request(ResponseListener listener) {
        if (speaks == Speaks.HTTP_1) {
            requestHttp1(listener);
            return;
        }
        Http2OriginConnection free = waiting.isEmpty() ? withRoom() : null;
        if (free != null) {
            free.begin(listener);
        } else if (waiting.size() < waitingMax()) {
            waiting.addLast(listener);
            if (attempts.isEmpty() && count >= config.connectionsMax()) {
                listener.queued();
            }
            connectForWaiting();
        } else {
            listener.connectFailed(busy());
        }
    }

    private void requestHttp1(ResponseListener listener) {
        Http1OriginConnection kept = unused.pollLast();
        if (kept != null) {
            kept.begin(listener);
        } else if (count < config.connectionsMax()) {
            connect(listener);
        } else if (waiting.size() < config.queueMax()) {
            waiting.addLast(listener);
            listener.queued();
        } else {
            listener.connectFailed(busy());
        }
    }

    private static OriginBusyException busy() {
        return new OriginBusyException("too many requests wait for a connection to the origin");
    }

    /** Takes a request for another protocol; whether it could. */
    boolean requestTunnel(ResponseListener listener) {
        if (speaks == Speaks.HTTP_1) {
            requestHttp1(listener);
            return true;
        }
        for (Http2OriginConnection each : shared) {
            if (each.takesTunnels() && each.hasRoom()) {
                each.begin(listener);
                return true;
            }
        }
        return false;
    }

    /** Begins a request on a new connection of HTTP/2, or on the next that has room where there are too many; whether it could. */
    boolean requestNew(ResponseListener listener) {
        if (speaks != Speaks.HTTP_2) {
            return false;
        }
        if (count < config.connectionsMax()) {
            connect(listener);
        } else {
            request(listener);
        }
        return true;
    }

    private @Nullable Http2OriginConnection withRoom() {
        for (Http2OriginConnection each : shared) {
            if (each.hasRoom()) {
                return each;
            }
        }
        return null;
    }

    /** Those that may wait for a connection that is being made, or could be, and those that may wait for a free one. */
    private long waitingMax() {
        long places = (long) config.connectionsMax() - count + attempts.size();
        boolean isAwaited = shared.stream().anyMatch(each -> !each.isGreeted());
        long each = speaks == Speaks.HTTP_2 ? config.http2().streamsMax() : 1;
        return config.queueMax() + places * each + (isAwaited ? each : 0);
    }

    /** Makes one more connection where it helps: not while one is being made, or an origin has yet to say how much it takes. */
    private void connectForWaiting() {
        boolean isAwaited =
                !attempts.isEmpty() || shared.stream().anyMatch(each -> !each.isGreeted() || each.isUnused());
        if (!waiting.isEmpty() && !isAwaited && count < config.connectionsMax()) {
            connect(null);
        }
    }

    private void connect(@Nullable ResponseListener listener) {
        count++;
        Attempt attempt = new Attempt(listener);
        attempts.add(attempt);
        pool.connect(target, wire, null, attempt);
    }

    void cancel(ResponseListener listener) {
        waiting.remove(listener);
        for (Attempt attempt : attempts) {
            if (listener.equals(attempt.listener)) {
                attempt.listener = null;
            }
        }
    }

    void refuseWaiting() {
        failWaiting(new ClosedChannelException());
    }

    private void failWaiting(Throwable failure) {
        for (ResponseListener next : takeWaiting()) {
            next.connectFailed(failure);
        }
    }

    private List<ResponseListener> takeWaiting() {
        List<ResponseListener> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    // ---- HTTP/1.1

    @Override
    public void freed(Http1OriginConnection connection) {
        ResponseListener next = waiting.pollFirst();
        if (next != null) {
            connection.begin(next);
        } else if (!pool.keepsUnused()) {
            connection.close();
        } else {
            connection.idleFrom(System.nanoTime(), config.keepAlive());
            unused.addLast(connection);
            pool.sweepAt(connection.idleUntil());
        }
    }

    @Override
    public void ended(Http1OriginConnection connection) {
        unused.removeLastOccurrence(connection);
        leavePlace();
    }

    private void leavePlace() {
        count--;
        if (pool.isClosing()) {
            refuseWaiting();
        } else if (speaks == Speaks.HTTP_1) {
            connectWaiting();
        } else {
            connectForWaiting();
        }
        forgetUnused();
    }

    /** Nobody needs this any more when there is no connection and none is made. */
    void forgetUnused() {
        if (count == 0 && waiting.isEmpty()) {
            pool.forget(target);
        }
    }

    private void connectWaiting() {
        while (!waiting.isEmpty() && count < config.connectionsMax()) {
            connect(waiting.removeFirst());
        }
    }

    // ---- HTTP/2

    @Override
    public void hasRoom(Http2OriginConnection connection) {
        while (!waiting.isEmpty() && connection.hasRoom()) {
            connection.begin(waiting.removeFirst());
        }
        connectForWaiting();
        if (connection.isUnused() && !pool.keepsUnused()) {
            connection.close();
        } else if (connection.isUnused()) {
            connection.idleFrom(System.nanoTime(), config.keepAlive());
            pool.sweepAt(connection.idleUntil());
        }
    }

    @Override
    public void ended(Http2OriginConnection connection) {
        shared.remove(connection);
        leavePlace();
    }

    @Override
    public void wantsHttp1() {
        wire = OriginWire.HTTP_1;
        speaks = Speaks.HTTP_1;
        connectWaiting();
    }

    /** Closes those that nobody uses. */
    void closeAllUnused() {
        List.copyOf(unused).forEach(Http1OriginConnection::close);
        List.copyOf(shared).stream().filter(Http2OriginConnection::isUnused).forEach(Http2OriginConnection::close);
    }

    /** Closes those whose time is over, and tells for how long the others have time; for ever when there are none. */
    long closeUnused(long nowNanos) {
        long wait = Long.MAX_VALUE;
        for (Http1OriginConnection connection : List.copyOf(unused)) {
            long left = connection.idleUntil() - nowNanos;
            if (left <= 0) {
                connection.close();
            } else {
                wait = Math.min(wait, left);
            }
        }
        for (Http2OriginConnection connection : List.copyOf(shared)) {
            long left = connection.idleUntil() - nowNanos;
            if (connection.isUnused() && left <= 0) {
                connection.close();
            } else if (connection.isUnused()) {
                wait = Math.min(wait, left);
            }
        }
        return wait;
    }

    /** One connection that is being made, for one request or for those that wait. */
    private final class Attempt implements OriginConnector.Outcome {
        private @Nullable ResponseListener listener;

        Attempt(@Nullable ResponseListener listener) {
            this.listener = listener;
        }

        @Override
        public void connected(Channel channel, boolean isHttp2) {
            attempts.remove(this);
            ResponseListener first = listener;
            if (isHttp2) {
                carryHttp2(channel, first);
                return;
            }
            speaks = Speaks.HTTP_1;
            Http1OriginConnection connection = pool.carry(channel, TargetConnections.this);
            if (first != null) {
                connection.begin(first);
            } else {
                freed(connection);
            }
            connectWaiting();
        }

        private void carryHttp2(Channel channel, @Nullable ResponseListener first) {
            speaks = Speaks.HTTP_2;
            Http2OriginConnection connection = pool.carryHttp2(channel, target, TargetConnections.this);
            shared.add(connection);
            if (first != null) {
                connection.begin(first);
            }
            hasRoom(connection);
        }

        @Override
        public void failed(Throwable failure) {
            attempts.remove(this);
            ResponseListener told = listener;
            // who waited for what this would have told has nothing else to wait for
            boolean isLast = speaks != Speaks.HTTP_1 && shared.isEmpty() && attempts.isEmpty();
            List<ResponseListener> lost = isLast ? takeWaiting() : List.of();
            count--;
            if (speaks == Speaks.HTTP_1) {
                connectWaiting();
            }
            forgetUnused();
            if (told != null) {
                told.connectFailed(failure);
            }
            lost.forEach(each -> each.connectFailed(failure));
        }
    }
}
