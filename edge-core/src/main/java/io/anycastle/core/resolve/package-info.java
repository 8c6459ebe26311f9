/** Looking up names that are not ours. */
@NullMarked
package io.anycastle.core.resolve;

import org.jspecify.annotations.NullMarked;
