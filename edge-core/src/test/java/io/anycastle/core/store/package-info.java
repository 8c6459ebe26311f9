/** Shows what the store promises. */
@NullMarked
package io.anycastle.core.store;

import org.jspecify.annotations.NullMarked;
