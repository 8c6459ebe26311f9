package io.anycastle.app.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * What was opened one after the other and is closed together, the last first. Any thread may close, also while another one opens: it waits
 * for the step that is under way, and no further one is taken.
 */
final class Opened implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean isClosed;

    /** @throws IllegalStateException once all was closed */
    synchronized <T extends AutoCloseable> T add(Supplier<T> opening) {
        if (isClosed) {
            throw new IllegalStateException("closed already");
        }
        T opened = opening.get();
        open.push(opened);
        return opened;
    }

    /** Closes all that it can, whatever fails, and tells the first failure; once. */
    @Override
    public synchronized void close() {
        isClosed = true;
        RuntimeException first = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            } catch (Exception e) {
                first = first == null ? new IllegalStateException(e) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
