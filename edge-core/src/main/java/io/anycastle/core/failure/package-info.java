/** What only an operator can mend, told in plain sentences. */
@NullMarked
package io.anycastle.core.failure;

import org.jspecify.annotations.NullMarked;
