/** Asking the DNS beyond this node: recursive servers, what is kept of their replies, and addresses out of both. */
@NullMarked
package io.anycastle.core.resolve;

import org.jspecify.annotations.NullMarked;
