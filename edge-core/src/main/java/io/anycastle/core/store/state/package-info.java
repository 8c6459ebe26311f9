/**
 * What a zone is and was: its image with its history, the delta from one state to the next, stamps and the clock that makes them, digests and
 * sums to compare by, and what a node tells of itself. Comes in: deltas. Goes out: the next image. Images and deltas are immutable and any
 * thread may hold them; only the clock changes, under its own lock.
 */
@NullMarked
package io.anycastle.core.store.state;

import org.jspecify.annotations.NullMarked;
