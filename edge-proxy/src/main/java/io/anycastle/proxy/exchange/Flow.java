package io.anycastle.proxy.exchange;

/** How a body moves from one side to the other, and since when it waits for which. Belongs to its exchange. */
class Flow {
    private long movedNanos = System.nanoTime();
    private boolean hasMoved;
    private boolean isBlocked;
    private boolean isEnded;

    void moved() {
        movedNanos = System.nanoTime();
        hasMoved = true;
    }

    /** The side that it goes to takes no more. */
    void block() {
        isBlocked = true;
    }

    void unblock() {
        isBlocked = false;
        movedNanos = System.nanoTime();
    }

    void end() {
        isEnded = true;
        movedNanos = System.nanoTime();
    }

    /** The waiting begins now. */
    void restart() {
        movedNanos = System.nanoTime();
    }

    boolean hasMoved() {
        return hasMoved;
    }

    boolean isBlocked() {
        return isBlocked;
    }

    boolean isEnded() {
        return isEnded;
    }

    /** When something last moved, or could again. */
    long movedNanos() {
        return movedNanos;
    }
}
