/** Sockets: the UDP drivers and TCP. */
@NullMarked
package io.anycastle.dns.listen;

import org.jspecify.annotations.NullMarked;
