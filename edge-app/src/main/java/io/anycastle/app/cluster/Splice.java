package io.anycastle.app.cluster;

import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Two connections that are one: octets go both ways, at the pace of the slower reader; when one ends, so does the other, as soon as it
 * has all that came before the end.
 */
final class Splice {
    private final NetSocket tunnel;
    private final NetSocket local;
    private final TunnelCounters counters;
    private final AtomicBoolean isOver = new AtomicBoolean();

    /** Both are paused and belong to one event loop. */
    Splice(NetSocket tunnel, NetSocket local, TunnelCounters counters) {
        this.tunnel = tunnel;
        this.local = local;
        this.counters = counters;
    }

    /** Notes whether a socket ends that nothing reads yet; a handler set later is not told of what was before. */
    static AtomicBoolean watch(NetSocket socket) {
        AtomicBoolean isGone = new AtomicBoolean();
        socket.exceptionHandler(failure -> isGone.set(true));
        socket.closeHandler(closed -> isGone.set(true));
        return isGone;
    }

    /** @param ended called once, on the event loop */
    void run(Runnable ended) {
        counters.open.increment();
        Runnable end = () -> {
            if (isOver.compareAndSet(false, true)) {
                counters.open.decrement();
                cut();
                ended.run();
            }
        };
        pump(tunnel, local, counters.bytesIn, end);
        pump(local, tunnel, counters.bytesOut, end);
        AtomicInteger standing = new AtomicInteger(2);
        for (NetSocket socket : new NetSocket[] {tunnel, local}) {
            socket.exceptionHandler(failure -> end.run());
            socket.closeHandler(closed -> {
                if (standing.decrementAndGet() == 0) {
                    end.run(); // nobody is left who could read what is on the way
                }
            });
        }
        tunnel.resume();
        local.resume();
    }

    /** A connection that is closed may still hold octets that its slower partner has not taken; its end comes after them. */
    private static void pump(NetSocket from, NetSocket to, LongAdder bytes, Runnable end) {
        from.handler(chunk -> {
            bytes.add(chunk.length());
            to.write(chunk);
            if (to.writeQueueFull()) {
                from.pause();
                to.drainHandler(drained -> from.resume());
            }
        });
        from.endHandler(last -> to.end().onComplete(done -> end.run()));
    }

    /** Any thread. */
    void cut() {
        tunnel.close();
        local.close();
    }
}
