package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.view.CurrentView;
import java.util.List;
import java.util.Map;

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

    /** Every node that is, or since this one's start was, in the cluster; this one first. Blocks for the others' answers. */
    List<NodeView> nodes();

    /** What lost in merges and was neither applied again nor dismissed, by zone. */
    Map<DomainName, List<Conflict>> conflicts();

    /** Ends membership and closes the journal; what was acknowledged is on disk already. */
    @Override
    void close();
}
