/** Learning, off the query path, the addresses of names outside our zones that flattened CNAMEs lead to. */
@NullMarked
package io.anycastle.dns.flatten;

import org.jspecify.annotations.NullMarked;
