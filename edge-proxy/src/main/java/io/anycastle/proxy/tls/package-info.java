/**
 * TLS with clients on BoringSSL: what a listener's handshakes are made with, and the handler that stands first in each connection. It knows
 * nothing of HTTP.
 */
@NullMarked
package io.anycastle.proxy.tls;

import org.jspecify.annotations.NullMarked;
