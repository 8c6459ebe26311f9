/** Shows what {@code core.store.plan} promises. */
@NullMarked
package io.anycastle.core.store.plan;

import org.jspecify.annotations.NullMarked;
