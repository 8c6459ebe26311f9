/** Shows what {@code core.store.state} promises. */
@NullMarked
package io.anycastle.core.store.state;

import org.jspecify.annotations.NullMarked;
