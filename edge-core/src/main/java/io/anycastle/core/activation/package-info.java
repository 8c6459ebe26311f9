/** Whether the world points a zone's names here: what public DNS must say, and what follows from its answers. */
@NullMarked
package io.anycastle.core.activation;

import org.jspecify.annotations.NullMarked;
