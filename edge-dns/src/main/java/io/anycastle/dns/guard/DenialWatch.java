package io.anycastle.dns.guard;

/**
 * One thread's view of what does not exist, window by window: one sketch is written while the last one can be read by who reports. Windows
 * are counted from the epoch, so that those of all threads are the same.
 */
final class DenialWatch {
    private final long windowMillis;
    private final DenialSketch one = new DenialSketch();
    private final DenialSketch two = new DenialSketch();

    /** One of the two; of the owning thread alone. */
    private DenialSketch writing = one;

    DenialWatch(long windowMillis) {
        this.windowMillis = windowMillis;
    }

    /** The time has come that far; the owning thread calls it before it adds. */
    void advance(long nowMillis) {
        long now = nowMillis / windowMillis;
        if (now != writing.window()) {
            writing = writing == one ? two : one;
            writing.begin(now);
        }
    }

    void add(long zone, long name, byte[] apex) {
        writing.add(zone, name, apex);
    }

    /**
     * Shows what was seen in a window that is over, whether or not a query has come since; good for the length of another window. Any
     * thread.
     */
    void show(long wanted, DenialSketch.Visitor visitor) {
        if (one.window() == wanted) {
            one.forEach(visitor);
        } else if (two.window() == wanted) {
            two.forEach(visitor);
        }
    }
}
