package io.anycastle.proxy.origin;

import io.anycastle.core.model.AddressText;
import io.vertx.core.net.Address;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * One address to ask, as the connection needs it.
 *
 * @param serverName what TLS asks for and checks; the address itself, IPv6 in brackets, without TLS
 * @param text address and port, as logs tell them
 */
public record OriginTarget(InetAddress address, int port, boolean tls, String serverName, String text)
        implements Address {
    public OriginTarget(InetAddress address, int port, boolean tls, String serverName) {
        this(address, port, tls, serverName, host(address) + ":" + port);
    }

    /** One that is asked without TLS. */
    public static OriginTarget plain(InetAddress address, int port) {
        return new OriginTarget(address, port, false, host(address));
    }

    private static String host(InetAddress address) {
        String text = AddressText.of(address.getAddress());
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    SocketAddress socket() {
        return SocketAddress.inetSocketAddress(new InetSocketAddress(address, port));
    }

    @Override
    public String toString() {
        return text;
    }
}
