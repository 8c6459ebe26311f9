/** Which nodes can take visitors now, and where they stand. */
@NullMarked
package io.anycastle.core.health;

import org.jspecify.annotations.NullMarked;
