/** From a query to its answer (RFC 1034 section 4.3.2). */
@NullMarked
package io.anycastle.dns.answer;

import org.jspecify.annotations.NullMarked;
