package io.anycastle.core.store.state;

import java.util.Optional;

/**
 * A node of the cluster as this one sees it.
 *
 * @param address where its cluster layer listens
 * @param isHere whether it is this node
 * @param report what it tells about itself; empty when it does not answer, or has left
 * @param isMember whether it is in the cluster now; otherwise it is cut off or stopped
 */
public record NodeView(String nodeId, String address, boolean isHere, boolean isMember, Optional<NodeReport> report) {}
