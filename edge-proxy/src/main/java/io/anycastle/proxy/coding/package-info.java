/** Content codings (RFC 9110 section 8.4.1): which one an answer goes to its client in, and how its body gets there. */
@NullMarked
package io.anycastle.proxy.coding;

import org.jspecify.annotations.NullMarked;
