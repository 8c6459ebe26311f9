package io.anycastle.proxy.origin;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;

/**
 * One address to ask, as the connection needs it.
 *
 * @param serverName what TLS asks for and checks; the address itself without TLS
 */
public record OriginTarget(InetAddress address, int port, boolean tls, String serverName) {

    public SocketAddress socket() {
        return SocketAddress.inetSocketAddress(port, address.getHostAddress());
    }
}
