/** Shows what {@code core.store.clients} promises. */
@NullMarked
package io.anycastle.core.store.clients;

import org.jspecify.annotations.NullMarked;
