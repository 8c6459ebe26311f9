/** Tests of this package. */
@NullMarked
package io.anycastle.dns.tls;

import org.jspecify.annotations.NullMarked;
