package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.state.Conflict;
import io.anycastle.core.store.state.NodeView;
import io.anycastle.core.view.CurrentView;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The one record store of a node: takes change sets, makes them durable, and keeps the view. */
public interface EdgeStore extends AutoCloseable {
    /** The node's picture, filled from its own disk before this object is handed out. */
    CurrentView view();

    /**
     * Applies a change set. Blocks until it is durable and visible in the view, or refused; at most the configured write timeout. Call
     * it from a virtual thread or a worker, never from an event loop.
     */
    ChangeOutcome apply(ChangeSet change);

    /**
     * Waits until this node has joined its cluster, which it does some seconds after its start; before that {@link #apply} refuses at once.
     * Blocks, at most that long.
     *
     * @return whether it has
     */
    boolean awaitMembership(Duration atMost) throws InterruptedException;

    StoreStatus status();

    /**
     * Whether this node is the one that does what one node does for all; false before it has joined. Each side of a cut has one, and
     * for moments there may be two or none.
     */
    boolean isLeading();

    /** The time of day as the cluster has it: this node's clock, corrected where the other nodes' clocks tell that it is off. */
    InstantSource clock();

    /** Every node that is, or since this one's start was, in the cluster; this one first. Blocks for the others' answers. */
    List<NodeView> nodes();

    /** What lost in merges and was neither applied again nor dismissed, by zone. */
    Map<DomainName, List<Conflict>> conflicts();

    /**
     * Writes everything that is settled at this moment into the stream, a piece at a time, and leaves the stream open. Blocks as the
     * stream does, and keeps nobody from writing meanwhile.
     *
     * @param version of the program, for the backup's title
     * @param documents which of the account's documents are to be in it, by key
     */
    void backup(OutputStream out, String version, Predicate<String> documents) throws IOException;

    /** Ends membership and closes the journal; what was acknowledged is on disk already. */
    @Override
    void close();
}
