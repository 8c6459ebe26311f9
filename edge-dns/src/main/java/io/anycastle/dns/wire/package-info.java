/** The DNS message on the wire (RFC 1035 section 4), read and written without allocation. */
@NullMarked
package io.anycastle.dns.wire;

import org.jspecify.annotations.NullMarked;
