/**
 * Nodes that went apart become one again. Comes in: another node. Goes out: its newer states pulled, histories that parted merged name by name,
 * and what lost listed as conflicts. Also answers the other nodes when they do the same, and waits for the first data of an empty node. Works
 * on the threads of who calls; states are written under the zone's lock.
 */
@NullMarked
package io.anycastle.core.store.merge;

import org.jspecify.annotations.NullMarked;
