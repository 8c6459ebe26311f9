/** Shows what the view and the host table do. */
@NullMarked
package io.anycastle.core.view;

import org.jspecify.annotations.NullMarked;
