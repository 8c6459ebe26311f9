/** Tests of this package. */
@NullMarked
package io.anycastle.dns.listen;

import org.jspecify.annotations.NullMarked;
