package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.SocketAbort;
import io.anycastle.proxy.message.ResponseListener;
import io.netty.channel.Channel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an origin that no other client's request gets, and so one of HTTP/1.1; its requests follow one another. It is made with the first of them, or
 * with the next one when that fails; once made, it ends once. Belongs to its pool's event loop.
 */
public final class OwnedConnection {
    private final OriginPool pool;
    private final OriginConfig config;
    private final OriginTarget target;
    private final @Nullable ProxyHeader header;
    private final boolean isForOne;
    private final Runnable whenEnded;
    private final ArrayDeque<ResponseListener> waiting = new ArrayDeque<>(2);
    private @Nullable Http1OriginConnection connection;
    private @Nullable Channel channel;
    /** Closes the connection before its origin does. */
    private @Nullable Future<?> closing;

    private boolean isBusy;
    private boolean hasPlace;
    private boolean isOver;

    /**
     * @param header what the connection begins with; null for nothing
     * @param isForOne whether the connection carries one request only
     */
    OwnedConnection(
            OriginPool pool,
            OriginConfig config,
            OriginTarget target,
            @Nullable ProxyHeader header,
            boolean isForOne,
            Runnable whenEnded) {
        this.pool = pool;
        this.config = config;
        this.target = target;
        this.header = header;
        this.isForOne = isForOne;
        this.whenEnded = whenEnded;
    }

    /** Whether it takes requests still; before it is made too. */
    public boolean isOpen() {
        return !isOver;
    }

    public OriginTarget target() {
        return target;
    }

    /** Whether it is open, and a request would be the only one on it. */
    public boolean isFree() {
        return !isOver && !isBusy;
    }

    /** Puts a request on the connection, behind those that are on it. */
    public void request(ResponseListener listener) {
        if (isOver || pool.isClosing()) {
            listener.connectFailed(new ClosedChannelException());
        } else if (!isBusy) {
            begin(listener);
        } else if (waiting.size() < config.queueMax()) {
            waiting.addLast(listener);
        } else {
            listener.connectFailed(new OriginBusyException("too many requests wait for one connection"));
        }
    }

    private void begin(ResponseListener listener) {
        if (closing != null) {
            closing.cancel(false);
            closing = null;
        }
        isBusy = true;
        pool.usedAlone(this);
        if (connection != null) {
            connection.begin(listener);
        } else if (pool.takePlaceAlone()) {
            hasPlace = true;
            pool.connect(target, OriginWire.HTTP_1, header, new Attempt(listener));
        } else {
            isBusy = false;
            listener.connectFailed(new OriginBusyException("too many connections belong to one client alone"));
        }
    }

    private void beginNext() {
        ResponseListener next = waiting.pollFirst();
        if (next != null) {
            begin(next);
        }
    }

    /** Ends the connection now; a request on it fails. */
    public void close() {
        isOver = true;
        if (channel != null) {
            SocketAbort.close(channel);
        }
    }

    /** Makes room for another now, rather than when it has ended. */
    void giveWay() {
        leavePlace();
        close();
    }

    private void leavePlace() {
        if (hasPlace) {
            hasPlace = false;
            pool.usedAlone(this);
            pool.leavePlaceAlone();
        }
    }

    private void closeUnused(Http1OriginConnection unused) {
        if (!isBusy) {
            unused.close();
        }
    }

    /** The connection while it is being made, and what it tells afterwards. */
    private final class Attempt implements OriginConnector.Outcome, ConnectionHolder {
        private final ResponseListener first;

        Attempt(ResponseListener first) {
            this.first = first;
        }

        @Override
        public void connected(Channel made, boolean isHttp2) {
            if (isOver) {
                SocketAbort.close(made);
                failed(new ClosedChannelException());
                return;
            }
            Http1OriginConnection carrying = pool.carry(made, this);
            channel = made;
            connection = carrying;
            if (isForOne) {
                carrying.useLast();
            }
            carrying.begin(first);
        }

        @Override
        public void failed(Throwable failure) {
            leavePlace();
            isBusy = false;
            first.connectFailed(failure);
            if (!isBusy) {
                beginNext();
            }
        }

        @Override
        public void freed(Http1OriginConnection unused) {
            isBusy = false;
            if (!waiting.isEmpty()) {
                beginNext();
                return;
            }
            if (header != null) {
                pool.unusedAlone(OwnedConnection.this); // no login is lost with it
            }
            long nanos = unused.keptNanos();
            if (nanos < Long.MAX_VALUE) {
                closing = pool.loop().schedule(() -> closeUnused(unused), nanos, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public void ended(Http1OriginConnection gone) {
            isOver = true;
            connection = null;
            channel = null;
            leavePlace();
            if (closing != null) {
                closing.cancel(false);
            }
            for (ResponseListener next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
                next.connectFailed(new ClosedChannelException());
            }
            whenEnded.run();
        }
    }
}
