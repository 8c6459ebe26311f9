package io.anycastle.proxy.origin;

import io.anycastle.proxy.message.ResponseListener;
import io.netty.channel.Channel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections to one target that requests share, and who waits for one. Belongs to its pool's event loop. */
final class TargetConnections implements ConnectionHolder {
    private final OriginPool pool;
    private final OriginConfig config;
    private final OriginTarget target;
    /** Those that nobody uses; the last used is the last. */
    private final ArrayDeque<Http1OriginConnection> unused = new ArrayDeque<>();

    private final ArrayDeque<ResponseListener> waiting = new ArrayDeque<>();
    private final List<Attempt> attempts = new ArrayList<>();
    /** How many there are, those that are being made included. */
    private int count;

    TargetConnections(OriginPool pool, OriginConfig config, OriginTarget target) {
        this.pool = pool;
        this.config = config;
        this.target = target;
    }

    void request(ResponseListener listener) {
        Http1OriginConnection kept = unused.pollLast();
        if (kept != null) {
            kept.begin(listener);
        } else if (count < config.connectionsMax()) {
            connect(listener);
        } else if (waiting.size() < config.queueMax()) {
            waiting.addLast(listener);
        } else {
            listener.connectFailed(new OriginBusyException("too many requests wait for a connection to the origin"));
        }
    }

    private void connect(ResponseListener listener) {
        count++;
        Attempt attempt = new Attempt(listener);
        attempts.add(attempt);
        pool.connect(target, attempt);
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
        for (ResponseListener next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
            next.connectFailed(new ClosedChannelException());
        }
    }

    @Override
    public void freed(Http1OriginConnection connection) {
        ResponseListener next = waiting.pollFirst();
        if (next != null) {
            connection.begin(next);
        } else if (pool.isClosing()) {
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
        ResponseListener next = waiting.pollFirst();
        if (next != null) {
            connect(next);
        } else if (count == 0) {
            pool.forget(target);
        }
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
        return wait;
    }

    /** One connection that is being made. */
    private final class Attempt implements OriginConnector.Outcome {
        private @Nullable ResponseListener listener;

        Attempt(ResponseListener listener) {
            this.listener = listener;
        }

        @Override
        public void connected(Channel channel) {
            attempts.remove(this);
            Http1OriginConnection connection = pool.carry(channel, TargetConnections.this);
            ResponseListener first = listener;
            if (first != null) {
                connection.begin(first);
            } else {
                freed(connection);
            }
        }

        @Override
        public void failed(Throwable failure) {
            attempts.remove(this);
            ResponseListener told = listener;
            leavePlace();
            if (told != null) {
                told.connectFailed(failure);
            }
        }
    }
}
