package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters.Event;
import io.anycastle.dns.answer.Responder;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One client's connection for DNS over HTTPS: when it last asked, what it has sent in part, and what it has not read yet. What is kept for
 * it counts among what all clients may leave unread. Lives on its event loop.
 */
final class DohConnection {
    private final HttpConnection connection;
    private final InetAddress client;
    private final int port;
    private final Listeners.Streams streams;
    private final Set<Body> bodies = new LinkedHashSet<>();
    private long lastQueryNanos = System.nanoTime();
    private int unreadOctets;
    private int slowOctets;
    private boolean isEnding;
    private boolean isCutOff;

    DohConnection(HttpConnection connection, InetAddress client, int port, Listeners.Streams streams) {
        this.connection = connection;
        this.client = client;
        this.port = port;
        this.streams = streams;
    }

    /** A query whose octets are still to come. */
    final class Body {
        private final long sinceNanos = System.nanoTime();

        /** All of it is there, or never will be. */
        void over() {
            if (bodies.remove(this)) {
                streams.connections().giveBackSlow(bodyOctets());
            }
        }
    }

    InetAddress client() {
        return client;
    }

    int port() {
        return port;
    }

    /** Since when a query is to be completed: the oldest that is sent in part, or the next. */
    long waitingSinceNanos() {
        Iterator<Body> oldest = bodies.iterator();
        return oldest.hasNext() ? Math.min(lastQueryNanos, oldest.next().sinceNanos) : lastQueryNanos;
    }

    /** A query begins that comes in parts; empty when too much is kept already for all clients together. */
    Optional<Body> begin() {
        if (!streams.connections().holdSlow(bodyOctets())) {
            return Optional.empty();
        }
        Body body = new Body();
        bodies.add(body);
        return Optional.of(body);
    }

    private int bodyOctets() {
        return streams.config().queryBytesMax();
    }

    /** Whether one more answer may be kept until the client reads it. */
    boolean mayAnswer() {
        int unreadMax = streams.config().writeQueueBytesMax();
        if (unreadOctets > unreadMax + Responder.TCP_OCTETS_MAX) {
            return false;
        }
        if (unreadOctets > unreadMax && slowOctets == 0) {
            int octets = unreadMax + 2 * Responder.TCP_OCTETS_MAX;
            slowOctets = streams.connections().holdSlow(octets) ? octets : 0;
            return slowOctets > 0;
        }
        return true;
    }

    void answering(int octets) {
        lastQueryNanos = System.nanoTime();
        unreadOctets += octets;
    }

    void written(int octets) {
        unreadOctets -= octets;
        if (unreadOctets <= streams.config().writeQueueBytesMax()) {
            giveBackSlow();
        }
    }

    private void giveBackSlow() {
        streams.connections().giveBackSlow(slowOctets);
        slowOctets = 0;
    }

    /** The connection is gone. */
    void closed() {
        giveBackSlow();
        Set.copyOf(bodies).forEach(Body::over);
    }

    /** No query was completed in time. To be called again and again: the client may take what is due to it until the next call. */
    void endIdle() {
        if (isEnding) {
            cutOff();
        } else {
            isEnding = true;
            streams.counters().count(Event.TCP_IDLE);
            connection.close();
        }
    }

    /** Whether it was ended while requests of it are still handed over, which came with the last octets. */
    boolean isCutOff() {
        return isCutOff;
    }

    /** Ends the connection without waiting for what the client does not read. */
    void cutOff() {
        isCutOff = true;
        StreamAbort.reset(((ConnectionBase) connection).channel());
    }
}
