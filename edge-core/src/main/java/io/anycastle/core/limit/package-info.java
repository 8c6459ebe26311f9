/** What may be taken of time, of counts and of the log. */
@NullMarked
package io.anycastle.core.limit;

import org.jspecify.annotations.NullMarked;
