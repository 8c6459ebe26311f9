package io.anycastle.app.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** An address literal with a port, written {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}. */
public record HostPort(InetAddress address, int port) {
    static final int PORT_MAX = 65535;

    /** The address that the text spells as a literal; names are never looked up. */
    public static Optional<InetAddress> address(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        boolean isLiteral =
                bare.indexOf(':') >= 0 ? bare.matches("[0-9A-Fa-f:.]{2,45}") : bare.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!isLiteral) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Empty unless the text is a literal address, a colon and a port of 1 to 65535. */
    public static Optional<HostPort> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        if (host.indexOf(':') >= 0 && !host.startsWith("[")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port < 1 || port > PORT_MAX) {
            return Optional.empty();
        }
        return address(host).map(address -> new HostPort(address, port));
    }

    /** The address as URLs and host-port pairs write it: IPv6 in brackets. */
    public static String text(InetAddress address) {
        return address instanceof java.net.Inet6Address ? "[" + bareText(address) + "]" : address.getHostAddress();
    }

    /** The address alone; IPv6 compressed (RFC 5952), without scope. */
    public static String bareText(InetAddress address) {
        if (!(address instanceof java.net.Inet6Address)) {
            return address.getHostAddress();
        }
        try {
            return io.netty.util.NetUtil.toAddressString(InetAddress.getByAddress(address.getAddress()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    public InetSocketAddress socket() {
        return new InetSocketAddress(address, port);
    }

    @Override
    public String toString() {
        return text(address) + ":" + port;
    }
}
