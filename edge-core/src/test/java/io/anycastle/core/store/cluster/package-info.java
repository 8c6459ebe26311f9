/** Shows what {@code core.store.cluster} promises. */
@NullMarked
package io.anycastle.core.store.cluster;

import org.jspecify.annotations.NullMarked;
