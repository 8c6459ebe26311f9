/** BIND master files (RFC 1035 section 5): real ones read, with every bad line told, and zones written as such. */
@NullMarked
package io.anycastle.core.zonefile;

import org.jspecify.annotations.NullMarked;
