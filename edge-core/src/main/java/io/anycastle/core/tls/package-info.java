/** Keys, certificates and the names that clients ask by, as far as every TLS listener has to do with them. */
@NullMarked
package io.anycastle.core.tls;

import org.jspecify.annotations.NullMarked;
