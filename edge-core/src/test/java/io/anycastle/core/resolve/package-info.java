/** Tests of asking the DNS beyond the node, with name servers on loopback. */
@NullMarked
package io.anycastle.core.resolve;

import org.jspecify.annotations.NullMarked;
