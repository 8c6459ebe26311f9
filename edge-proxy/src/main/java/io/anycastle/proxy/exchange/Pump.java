package io.anycastle.proxy.exchange;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/**
 * Moves a body from where it comes from to where it goes, no faster than it is taken, and knows since when it waits for which side.
 */
final class Pump {
    private final ReadStream<Buffer> source;
    private final WriteStream<Buffer> sink;
    private long movedNanos = System.nanoTime();
    private boolean isBlocked;
    private boolean hasMoved;
    private boolean isEnded;

    Pump(ReadStream<Buffer> source, WriteStream<Buffer> sink) {
        this.source = source;
        this.sink = sink;
    }

    /** Begins to move; {@code whenEnded} runs after the last piece, which is for it to mark as such. */
    void run(Runnable whenEnded) {
        source.handler(this::move);
        source.endHandler(end -> {
            isEnded = true;
            movedNanos = System.nanoTime();
            whenEnded.run();
        });
        sink.drainHandler(drained -> unblock());
        source.resume();
    }

    private void move(Buffer piece) {
        movedNanos = System.nanoTime();
        hasMoved = true;
        sink.write(piece);
        if (sink.writeQueueFull()) {
            isBlocked = true;
            source.pause();
        }
    }

    private void unblock() {
        if (isBlocked) {
            isBlocked = false;
            movedNanos = System.nanoTime();
            source.resume();
        }
    }

    /** Whether the sink has to take something before more is read. */
    boolean isBlocked() {
        return isBlocked;
    }

    boolean hasMoved() {
        return hasMoved;
    }

    boolean isEnded() {
        return isEnded;
    }

    /** When something last moved, or could again. */
    long movedNanos() {
        return movedNanos;
    }
}
