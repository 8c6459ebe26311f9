/** The certificate that encrypted listeners show, read from files and read again when they change. */
@NullMarked
package io.anycastle.dns.tls;

import org.jspecify.annotations.NullMarked;
