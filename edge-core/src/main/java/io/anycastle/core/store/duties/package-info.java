/**
 * What the oldest member does for all, on one thread: it has all nodes compared when one joins, when parts meet again and every so often, and
 * keeps the cluster maps equal to the truth. Comes in: wishes to compare. Goes out: calls to the rooms of merging and of clients.
 */
@NullMarked
package io.anycastle.core.store.duties;

import org.jspecify.annotations.NullMarked;
