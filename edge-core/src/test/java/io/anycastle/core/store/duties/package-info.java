/** Shows what {@code core.store.duties} promises. */
@NullMarked
package io.anycastle.core.store.duties;

import org.jspecify.annotations.NullMarked;
