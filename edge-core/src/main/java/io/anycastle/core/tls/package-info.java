/** Keys and certificates, as far as every TLS listener has to do with them. */
@NullMarked
package io.anycastle.core.tls;

import org.jspecify.annotations.NullMarked;
