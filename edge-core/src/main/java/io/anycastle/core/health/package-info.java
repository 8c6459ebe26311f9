/** Which nodes can take visitors now, and where they stand; which addresses of names fail their health checks. */
@NullMarked
package io.anycastle.core.health;

import org.jspecify.annotations.NullMarked;
