/**
 * The way of a change set, of this node or from another: plan, journal, compare-and-set of the zone's head, view, other nodes. Comes in: change
 * sets and deltas. Goes out: their outcome, and the zone's next state in the view. The lock of a zone is held for each step that reads
 * its state and writes it; nobody but this room writes to the journal's zones, the room above by its {@link
 * io.anycastle.core.store.write.Follower}.
 */
@NullMarked
package io.anycastle.core.store.write;

import org.jspecify.annotations.NullMarked;
