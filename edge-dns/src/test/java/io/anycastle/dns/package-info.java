/** Tests through whole queries and real sockets, with dnsjava as the judge. */
@NullMarked
package io.anycastle.dns;

import org.jspecify.annotations.NullMarked;
