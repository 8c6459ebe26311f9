package io.anycastle.proxy.origin;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLException;

/** How the edge speaks TLS with origins: what it tells them of itself, and whom it believes. Any event loop. */
@FunctionalInterface
public interface OriginSecurity {
    /**
     * The edge's end of a connection to the target, before its handshake; must not block.
     *
     * @throws SSLException when the target's own authorities are none
     */
    SslHandler to(OriginTarget target, ByteBufAllocator buffers) throws SSLException;
}
