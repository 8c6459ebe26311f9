/** Where proxied requests go: addresses, which of them may be reached, the connections to them, and what a failure there means. */
@NullMarked
package io.anycastle.proxy.origin;

import org.jspecify.annotations.NullMarked;
