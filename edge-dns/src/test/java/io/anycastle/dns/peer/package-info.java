/** Our answers beside those of BIND, Knot DNS and NSD for the same zones. */
@NullMarked
package io.anycastle.dns.peer;

import org.jspecify.annotations.NullMarked;
