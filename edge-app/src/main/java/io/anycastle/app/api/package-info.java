/** The admin API under {@code /client/v4}: the v4 contract that DNS and proxy automation speaks. */
@NullMarked
package io.anycastle.app.api;

import org.jspecify.annotations.NullMarked;
