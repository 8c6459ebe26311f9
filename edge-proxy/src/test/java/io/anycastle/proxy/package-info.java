/** Tests of the proxy as a whole, with real sockets on both sides. */
package io.anycastle.proxy;
