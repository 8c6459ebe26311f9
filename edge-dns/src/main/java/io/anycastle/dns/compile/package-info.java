/** From a zone's records to answers that only need copying, and the table that holds them. */
@NullMarked
package io.anycastle.dns.compile;

import org.jspecify.annotations.NullMarked;
