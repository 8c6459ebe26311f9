package io.anycastle.proxy.origin;

import io.anycastle.proxy.ProxyCounters;
import io.anycastle.proxy.listen.SocketAbort;
import io.anycastle.proxy.message.ResponseListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to all origins: those that requests share, and those that belong to one client alone. Everything on
 * that loop.
 */
public final class OriginPool {
    private final EventLoop loop;
    private final OriginConfig config;
    private final OriginConnector connector;
    private final AnswerShelf shelf;
    private final ProxyCounters counters;
    private final Map<OriginTarget, TargetConnections> targets = new HashMap<>();
    private final Set<Channel> open = new HashSet<>();
    private final Promise<Void> closed = Promise.promise();
    private int alone;
    /** Those among them that may be closed for others; the one that is unused for longest is the first. */
    private final LinkedHashSet<OwnedConnection> unusedAlone = new LinkedHashSet<>();

    private final Promise<Void> retired = Promise.promise();
    private boolean isRetired;
    private boolean isClosing;
    /** Closes connections that have not been used for long. */
    private @Nullable ScheduledFuture<?> sweep;

    private long sweepAt;

    /**
     * @param channels makes sockets that fit the event loop
     */
    public OriginPool(
            EventLoop loop,
            ChannelFactory<? extends Channel> channels,
            OriginConfig config,
            OriginSecurity security,
            ProxyCounters counters) {
        this.loop = loop;
        this.config = config;
        this.connector = new OriginConnector(loop, channels, config, security);
        this.counters = counters;
        this.shelf = new AnswerShelf(config.headerBytesMax());
    }

    /**
     * A connection that others may have used and others will use: a kept one, the last used first, or one of HTTP/2 that others use, of
     * which the listener hears before this returns; else a new one; else the next that has room.
     */
    public void request(OriginTarget target, ResponseListener listener) {
        if (isClosing) {
            listener.connectFailed(new ClosedChannelException());
            return;
        }
        connections(target).request(listener);
    }

    private TargetConnections connections(OriginTarget target) {
        TargetConnections connections = targets.get(target);
        if (connections == null) {
            connections = new TargetConnections(this, config, target);
            targets.put(target, connections);
        }
        return connections;
    }

    /**
     * The same for a request that asks for another protocol: over HTTP/2 only where the origin has announced that it takes such (RFC 8441
     * section 3), else over HTTP/1.1.
     */
    public void requestTunnel(OriginTarget target, ResponseListener listener) {
        if (isClosing || !connections(target).requestTunnel(listener)) {
            alone(target, listener);
        }
    }

    /**
     * A connection that is new; it carries this request alone, or first where the origin speaks HTTP/2.
     *
     * @param isTunnel whether the request asks for another protocol
     */
    public void requestAlone(OriginTarget target, boolean isTunnel, ResponseListener listener) {
        if (isClosing || isTunnel || !connections(target).requestNew(listener)) {
            alone(target, listener);
        }
    }

    private void alone(OriginTarget target, ResponseListener listener) {
        TargetConnections connections = targets.get(target);
        if (connections != null) {
            connections.forgetUnused();
        }
        new OwnedConnection(this, config, target, null, true, () -> {}).request(listener);
    }

    /**
     * A connection that no other client's request gets, within the same limit as those that carry one request. It is made with its first
     * request.
     *
     * @param header what it begins with; null for nothing
     * @param whenEnded runs once when the connection, having been made, has ended
     */
    public OwnedConnection own(OriginTarget target, @Nullable ProxyHeader header, Runnable whenEnded) {
        return new OwnedConnection(this, config, target, header, false, whenEnded);
    }

    /** Lets a listener wait no longer that {@link #request} made wait; it hears nothing. */
    public void cancel(OriginTarget target, ResponseListener listener) {
        TargetConnections connections = targets.get(target);
        if (connections != null) {
            connections.cancel(listener);
        }
    }

    /** Ends all connections; those in use fail. */
    public Future<Void> close() {
        isClosing = true;
        connector.stop();
        if (sweep != null) {
            sweep.cancel(false);
        }
        List.copyOf(targets.values()).forEach(TargetConnections::refuseWaiting);
        List.copyOf(open).forEach(SocketAbort::close);
        completeClosing();
        return closed.future();
    }

    private void completeClosing() {
        if (isClosing && open.isEmpty()) {
            closed.tryComplete();
        }
        if (isRetired && open.isEmpty()) {
            retired.tryComplete();
        }
    }

    /**
     * Keeps no connection any more: those that nobody uses are closed, the others when their requests are over. Requests under way may still
     * make new ones.
     *
     * @return completes when there is none
     */
    public Future<Void> retire() {
        isRetired = true;
        List.copyOf(targets.values()).forEach(TargetConnections::closeAllUnused);
        completeClosing();
        return retired.future();
    }

    /** Whether connections that nobody uses are kept. */
    boolean keepsUnused() {
        return !isRetired && !isClosing;
    }

    EventLoop loop() {
        return loop;
    }

    boolean isClosing() {
        return isClosing;
    }

    void connect(OriginTarget target, OriginWire wire, @Nullable ProxyHeader header, OriginConnector.Outcome outcome) {
        connector.connect(target, wire, header, this::track, outcome);
    }

    private void track(Channel channel) {
        if (channel.isOpen()) {
            open.add(channel);
            channel.closeFuture().addListener(ended -> {
                open.remove(channel);
                completeClosing();
            });
        }
    }

    /** Lets a channel, which is connected, carry requests. */
    Http1OriginConnection carry(Channel channel, ConnectionHolder holder) {
        Http1OriginConnection connection = new Http1OriginConnection(channel, holder, shelf, config.writeTimeout());
        channel.pipeline().addLast(connection);
        return connection;
    }

    /** The same by HTTP/2. */
    Http2OriginConnection carryHttp2(Channel channel, OriginTarget target, Http2OriginConnection.Holder holder) {
        Http2OriginConnection connection = new Http2OriginConnection(channel, target, holder, config, counters);
        channel.pipeline().addLast(Http2OriginHandler.of(connection));
        return connection;
    }

    /** Takes a place for a connection that is not shared, that of an unused one where there is no other; whether there is one. */
    boolean takePlaceAlone() {
        if (alone >= config.connectionsMax() && !unusedAlone.isEmpty()) {
            unusedAlone.getFirst().giveWay();
        }
        if (alone >= config.connectionsMax()) {
            return false;
        }
        alone++;
        return true;
    }

    void leavePlaceAlone() {
        alone--;
    }

    /** A connection that is not shared is not used just now, and nothing is lost with it. */
    void unusedAlone(OwnedConnection connection) {
        unusedAlone.add(connection);
    }

    /** It is used, or there is none any more. */
    void usedAlone(OwnedConnection connection) {
        unusedAlone.remove(connection);
    }

    /** Nobody uses or wants a connection to that target. */
    void forget(OriginTarget target) {
        targets.remove(target);
    }

    /** A connection is unused, and is to be closed at that time. */
    void sweepAt(long nanos) {
        if (sweep != null && nanos - sweepAt >= 0) {
            return;
        }
        if (sweep != null) {
            sweep.cancel(false);
        }
        sweepAt = nanos;
        sweep = loop.schedule(this::sweep, Math.max(0, nanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        sweep = null;
        long now = System.nanoTime();
        long wait = Long.MAX_VALUE;
        for (TargetConnections connections : List.copyOf(targets.values())) {
            wait = Math.min(wait, connections.closeUnused(now));
        }
        if (wait < Long.MAX_VALUE) {
            sweepAt(now + wait);
        }
    }
}
