/** What files in MaxMind's format know of an address: where it is, and whose network it belongs to. */
@NullMarked
package io.anycastle.core.geo;

import org.jspecify.annotations.NullMarked;
