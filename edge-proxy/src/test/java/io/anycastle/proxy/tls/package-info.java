/** TLS with clients, on real sockets. */
package io.anycastle.proxy.tls;
