/** Shows what {@code core.store.journal} promises. */
@NullMarked
package io.anycastle.core.store.journal;

import org.jspecify.annotations.NullMarked;
