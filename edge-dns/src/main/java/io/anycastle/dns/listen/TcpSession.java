package io.anycastle.dns.listen;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.DnsCounters.Event;
import io.anycastle.dns.TcpConfig;
import io.anycastle.dns.answer.QuerySource;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Arrays;

/**
 * One connection: frames of two length octets and a message (RFC 1035 section 4.2.2), pipelined as the client likes (RFC 7766 section
 * 6.2.1.1). The queries of one read are answered by one write, a limited number of them before other connections have their turn. Who sends
 * anything but queries is cut off. Lives on its event loop.
 */
final class TcpSession {
    private static final byte[] NOTHING = {};

    /** Long enough for the event loop to look at every other socket. */
    private static final long TURN_PAUSE_MS = 1;

    private final NetSocket socket;
    private final QuerySource source;
    private final Desk desk;
    private byte[] waiting = NOTHING;
    private long lastQueryNanos = System.nanoTime();
    private boolean paused;
    private boolean closed;
    private boolean offended;
    private boolean isEnding;
    private int slowOctets;

    TcpSession(NetSocket socket, QuerySource source, Desk desk) {
        this.socket = socket;
        this.source = source;
        this.desk = desk;
    }

    /** What all sessions of a listener on one event loop share, since only one of them works at a time. */
    static final class Desk {
        private final Vertx vertx;
        private final Responder responder;
        private final TcpConfig config;
        private final Connections connections;
        private final DnsCounters counters;
        private final byte[] query;
        private final byte[] answer = new byte[Responder.TCP_OCTETS_MAX];

        Desk(Vertx vertx, Responder responder, Listeners.Streams streams) {
            this.vertx = vertx;
            this.responder = responder;
            config = streams.config();
            connections = streams.connections();
            counters = streams.counters();
            query = new byte[config.queryBytesMax()];
        }
    }

    /** When the last query was complete, by {@link System#nanoTime}. */
    long lastQueryNanos() {
        return lastQueryNanos;
    }

    /** No query was completed in time. To be called again and again: the client may take what is due to it until the next call. */
    void endIdle() {
        if (isEnding) {
            cutOff();
        } else {
            isEnding = true;
            desk.counters.count(Event.TCP_IDLE);
            socket.close();
        }
    }

    /** Ends the connection without waiting for what the client does not read. */
    void cutOff() {
        StreamAbort.reset(((NetSocketInternal) socket).channelHandlerContext().channel());
    }

    /** The connection is gone. */
    void closed() {
        closed = true;
        waiting = NOTHING;
        desk.connections.giveBackSlow(slowOctets);
        slowOctets = 0;
    }

    void received(Buffer octets) {
        if (waiting.length == 0) {
            waiting = octets.getBytes();
        } else {
            byte[] joined = Arrays.copyOf(waiting, waiting.length + octets.length());
            octets.getBytes(joined, waiting.length);
            waiting = joined;
        }
        if (!paused) {
            work();
        }
    }

    /** Answers complete frames, as far as the turn lasts and the client takes the answers, and keeps the rest. */
    private void work() {
        int at = 0;
        int left = desk.config.turn();
        source.setIdleTenths(desk.connections.idleTenths());
        desk.responder.beginBatch();
        while (!paused && !offended && isFrame(at)) {
            Buffer answers = Buffer.buffer();
            while (left > 0 && !offended && isFrame(at) && answers.length() < Responder.TCP_OCTETS_MAX) {
                at = answer(at, answers);
                left--;
            }
            write(answers);
            if (left == 0 && !paused) {
                pause();
                desk.vertx.setTimer(TURN_PAUSE_MS, _ -> resume());
            }
        }
        if (at > 0) {
            waiting = at >= waiting.length ? NOTHING : Arrays.copyOfRange(waiting, at, waiting.length);
            lastQueryNanos = System.nanoTime();
        }
        if (offended || (waiting.length >= 2 && Wire.u16(waiting, 0) > desk.config.queryBytesMax())) {
            socket.close(); // behind the answers due; who does not take them is idle in the end
        }
    }

    private boolean isFrame(int at) {
        if (waiting.length - at < 2) {
            return false;
        }
        int length = Wire.u16(waiting, at);
        return length <= desk.config.queryBytesMax() && waiting.length - at - 2 >= length;
    }

    /** Answers the frame there; the offset of the next. */
    private int answer(int at, Buffer answers) {
        int length = Wire.u16(waiting, at);
        System.arraycopy(waiting, at + 2, desk.query, 0, length);
        int size = desk.responder.respond(desk.query, length, source, desk.answer);
        if (size <= 0) {
            offended = true;
            return waiting.length;
        }
        answers.appendUnsignedShort(size).appendBytes(desk.answer, 0, size);
        return at + 2 + length;
    }

    private void write(Buffer answers) {
        if (answers.length() > 0) {
            socket.write(answers);
        }
        if (socket.writeQueueFull()) {
            waitForReader();
        }
    }

    /** The client reads slower than it asks: nothing more is read until it catches up, if what is kept for such clients may grow by that. */
    private void waitForReader() {
        pause();
        int octets = desk.config.writeQueueBytesMax() + Responder.TCP_OCTETS_MAX;
        if (!desk.connections.holdSlow(octets)) {
            desk.counters.count(Event.TCP_SLOW);
            cutOff();
            return;
        }
        slowOctets = octets;
        socket.drainHandler(_ -> {
            desk.connections.giveBackSlow(slowOctets);
            slowOctets = 0;
            resume();
        });
    }

    private void pause() {
        paused = true;
        socket.pause();
    }

    private void resume() {
        if (closed) {
            return;
        }
        paused = false;
        work();
        if (!paused) {
            socket.resume();
        }
    }
}
