/** Tests of flattened CNAMEs, with name servers of their own as the world outside. */
@NullMarked
package io.anycastle.dns.flatten;

import org.jspecify.annotations.NullMarked;
