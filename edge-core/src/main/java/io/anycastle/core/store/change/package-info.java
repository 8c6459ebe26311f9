/**
 * The words of a change: what may be asked of a zone, by which rules, what would come of it and what came of it. Immutable values that every
 * room above uses and that the other modules name; nothing here does anything.
 */
@NullMarked
package io.anycastle.core.store.change;

import org.jspecify.annotations.NullMarked;
