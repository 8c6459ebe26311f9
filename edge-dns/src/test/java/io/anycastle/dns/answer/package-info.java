/** Tests of this package. */
@NullMarked
package io.anycastle.dns.answer;

import org.jspecify.annotations.NullMarked;
