/**
 * The node's own disk. Comes in: deltas, one after the other. Goes out: the settled image of all zones, once a delta is on the disk, and at the
 * start what was there. One writer thread owns the log, one more makes snapshots; the image may be read by any thread. Nobody else touches
 * the data folder's log and snapshots.
 */
@NullMarked
package io.anycastle.core.store.journal;

import org.jspecify.annotations.NullMarked;
