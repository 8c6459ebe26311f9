/** Where clients arrive: sockets, the strict reading of request heads, and how many connections may stand. */
@NullMarked
package io.anycastle.proxy.listen;

import org.jspecify.annotations.NullMarked;
