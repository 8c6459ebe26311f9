package io.anycastle.dns.guard;

/**
 * One thread's view of what does not exist, window by window: one sketch is written while the last one can be read by who reports. Windows
 * are counted from the epoch, so that those of all threads are the same.
 */
final class DenialWatch {
    private final long windowMillis;
    private DenialSketch writing = new DenialSketch();
    private DenialSketch finished = new DenialSketch();
    private long window = -1;
    private volatile long finishedWindow = -1;

    DenialWatch(long windowMillis) {
        this.windowMillis = windowMillis;
    }

    /** The time has come that far; the owning thread calls it before it adds. */
    void advance(long nowMillis) {
        long now = nowMillis / windowMillis;
        if (now != window) {
            DenialSketch next = finished;
            next.clear();
            finished = writing;
            finishedWindow = window;
            writing = next;
            window = now;
        }
    }

    void add(long zone, long name, byte[] apex) {
        writing.add(zone, name, apex);
    }

    /** Shows what was seen in a window that is over, if the thread has noticed; good for the length of another window. Any thread. */
    void show(long wanted, DenialSketch.Visitor visitor) {
        if (finishedWindow == wanted) {
            finished.forEach(visitor);
        }
    }
}
