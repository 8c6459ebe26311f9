/** Tests of this package. */
@NullMarked
package io.anycastle.dns.wire;

import org.jspecify.annotations.NullMarked;
