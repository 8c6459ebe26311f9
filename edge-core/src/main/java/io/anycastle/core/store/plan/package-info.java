/**
 * Works out what a change set makes of a zone: the next state, or every mistake in it. Comes in: a state and edits. Goes out: a {@link
 * io.anycastle.core.store.change.Plan}. Pure functions without locks, disk or network; any thread.
 */
@NullMarked
package io.anycastle.core.store.plan;

import org.jspecify.annotations.NullMarked;
