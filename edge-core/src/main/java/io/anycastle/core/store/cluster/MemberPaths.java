package io.anycastle.core.store.cluster;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** Stands between the cluster layer and the other members where they are not reached at the addresses that they are bound to. */
public interface MemberPaths {
    /** By what address the others know this node; the same on every node. */
    InetSocketAddress knownBy();

    /** Whether this node was invited by others, so that what they have is to be awaited. */
    boolean hasOthers();

    /**
     * Makes sure that the others can be reached as far as this node's side goes, and returns their addresses. Called on the cluster
     * layer's own thread before each of its starts; may block for some seconds.
     *
     * @throws StoreException with one plain sentence when the way is not open; the layer then tries again later
     */
    List<InetSocketAddress> open();

    /** Tells the others' addresses each time they change; the last follower counts. */
    void follow(Consumer<List<InetSocketAddress>> others);
}
