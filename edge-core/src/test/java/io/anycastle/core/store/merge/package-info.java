/** Shows what {@code core.store.merge} promises. */
@NullMarked
package io.anycastle.core.store.merge;

import org.jspecify.annotations.NullMarked;
