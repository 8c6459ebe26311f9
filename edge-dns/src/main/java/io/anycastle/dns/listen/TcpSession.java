package io.anycastle.dns.listen;

import io.anycastle.dns.answer.Asker;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Arrays;

/**
 * One TCP connection: frames of two length octets and a message (RFC 1035 section 4.2.2), pipelined as the client likes (RFC 7766 section
 * 6.2.1.1). All queries of one read are answered by one write. Lives on its event loop.
 */
final class TcpSession {
    private static final byte[] NOTHING = {};

    private final NetSocket socket;
    private final Asker asker;
    private final Scratch scratch;
    private byte[] waiting = NOTHING;
    private long lastQueryNanos = System.nanoTime();
    private boolean paused;

    TcpSession(NetSocket socket, Asker asker, Scratch scratch) {
        this.socket = socket;
        this.asker = asker;
        this.scratch = scratch;
    }

    /** What all sessions of an event loop share, since only one of them works at a time. */
    static final class Scratch {
        private final Responder responder;
        private final int queryBytesMax;
        private final byte[] query;
        private final byte[] answer = new byte[Responder.TCP_OCTETS_MAX];

        Scratch(Responder responder, int queryBytesMax) {
            this.responder = responder;
            this.queryBytesMax = queryBytesMax;
            query = new byte[queryBytesMax];
        }
    }

    /** When the last query was complete, by {@link System#nanoTime}. */
    long lastQueryNanos() {
        return lastQueryNanos;
    }

    void close() {
        socket.close();
    }

    void received(Buffer octets) {
        if (waiting.length == 0) {
            waiting = octets.getBytes();
        } else {
            byte[] joined = Arrays.copyOf(waiting, waiting.length + octets.length());
            octets.getBytes(joined, waiting.length);
            waiting = joined;
        }
        work();
    }

    /** Answers the complete frames, as far as the client takes the answers, and keeps the rest. */
    private void work() {
        int at = 0;
        while (!paused && isFrame(at)) {
            Buffer answers = Buffer.buffer();
            while (isFrame(at) && answers.length() < Responder.TCP_OCTETS_MAX) {
                at = answer(at, answers);
            }
            write(answers);
        }
        if (at > 0) {
            waiting = at == waiting.length ? NOTHING : Arrays.copyOfRange(waiting, at, waiting.length);
            lastQueryNanos = System.nanoTime();
        }
        if (waiting.length >= 2 && Wire.u16(waiting, 0) > scratch.queryBytesMax) {
            socket.close();
        }
    }

    private boolean isFrame(int at) {
        if (waiting.length - at < 2) {
            return false;
        }
        int length = Wire.u16(waiting, at);
        return length <= scratch.queryBytesMax && waiting.length - at - 2 >= length;
    }

    /** Answers the frame there; the offset of the next. */
    private int answer(int at, Buffer answers) {
        int length = Wire.u16(waiting, at);
        System.arraycopy(waiting, at + 2, scratch.query, 0, length);
        int size = scratch.responder.respond(scratch.query, length, asker, scratch.answer);
        if (size > 0) {
            answers.appendUnsignedShort(size).appendBytes(scratch.answer, 0, size);
        }
        return at + 2 + length;
    }

    private void write(Buffer answers) {
        if (answers.length() > 0) {
            socket.write(answers);
        }
        if (socket.writeQueueFull()) {
            paused = true;
            socket.pause();
            socket.drainHandler(_ -> resume());
        }
    }

    private void resume() {
        paused = false;
        work();
        if (!paused) {
            socket.resume();
        }
    }
}
