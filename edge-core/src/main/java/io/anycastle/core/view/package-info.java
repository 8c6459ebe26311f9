/** A node's complete in-memory picture, which DNS and proxy read. */
@NullMarked
package io.anycastle.core.view;

import org.jspecify.annotations.NullMarked;
