/** Tests of this package. */
@NullMarked
package io.anycastle.dns.compile;

import org.jspecify.annotations.NullMarked;
