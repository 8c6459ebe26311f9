/** Shows what checks of zones ask, and what follows from the answers. */
@NullMarked
package io.anycastle.core.activation;

import org.jspecify.annotations.NullMarked;
