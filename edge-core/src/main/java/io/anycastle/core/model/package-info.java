/** Zones and records as typed, immutable values. */
@NullMarked
package io.anycastle.core.model;

import org.jspecify.annotations.NullMarked;
