package io.anycastle.core.store;

import io.anycastle.core.view.CurrentView;

/** The one record store of a node: takes change sets, makes them durable, and keeps the view. */
public interface EdgeStore extends AutoCloseable {
    /** The node's picture, filled from its own disk before this object is handed out. */
    CurrentView view();

    /**
     * Applies a change set. Blocks until it is durable and visible in the view, or refused; at most the configured write timeout. Call
     * it from a virtual thread or a worker, never from an event loop.
     */
    ChangeOutcome apply(ChangeSet change);

    StoreStatus status();

    /** Ends membership and closes the journal; what was acknowledged is on disk already. */
    @Override
    void close();
}
