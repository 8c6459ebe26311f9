package io.anycastle.proxy.listen;

import java.time.Duration;

/**
 * Counts the frames of a connection of HTTP/2 that ask for work and carry nothing (CVE-2019-9512, 9515 and their kin), beyond those by which
 * the other side answers what it is sent: a long transfer makes as many updates of windows, and of measurements, as it has pieces. Belongs to the
 * connection.
 */
public final class ControlFrames {
    /** An update of the stream's window and one of the connection's. */
    private static final int EXPLAINED_BY_PIECE = 2;

    private static final int BYTES_EXPLAINING_ONE = 512;

    private final int most;
    private final Duration window;
    private long from = System.nanoTime();
    private int counted;
    private long explained;

    /**
     * @param most of them within the window
     */
    public ControlFrames(int most, Duration window) {
        this.most = most;
        this.window = window;
    }

    /** The other side is sent so much of a body. */
    public void sent(int bytes) {
        explained += EXPLAINED_BY_PIECE + bytes / BYTES_EXPLAINING_ONE;
    }

    /** Counts one that what is sent may explain; whether there were too many. */
    public boolean isFloodedByAnswer(long nowNanos) {
        roll(nowNanos);
        if (explained > 0) {
            explained--;
            return false;
        }
        return isFlooded(nowNanos);
    }

    /** Counts one that nothing explains; whether there were too many. */
    public boolean isFlooded(long nowNanos) {
        roll(nowNanos);
        return ++counted > most;
    }

    private void roll(long nowNanos) {
        if (nowNanos - from > window.toNanos()) {
            from = nowNanos;
            counted = 0;
            // what was sent before explains what is still to come of it, and no flood later
            explained = Math.min(explained, most);
        }
    }
}
