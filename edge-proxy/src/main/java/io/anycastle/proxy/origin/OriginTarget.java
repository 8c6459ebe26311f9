package io.anycastle.proxy.origin;

import io.anycastle.core.model.AddressText;
import io.anycastle.core.model.OriginScheme;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One address to ask, and how: what two requests have in common that may use the same connection.
 *
 * @param peer whom TLS finds there; there is one where the scheme is TLS
 * @param host the Host of the requests, with a port where it has one; empty for the client's
 * @param sendsProxyHeader whether its connections begin with the PROXY protocol, and so belong to one client each
 * @param text address and port, as logs tell them; IPv6 in brackets
 * @param others addresses of the other family that are asked in the same way, and may be connected to where this one is slow or fails
 */
public record OriginTarget(
        InetAddress address,
        int port,
        OriginScheme scheme,
        Optional<TlsPeer> peer,
        Optional<String> host,
        boolean sendsProxyHeader,
        String text,
        List<InetAddress> others) {
    public OriginTarget {
        others = List.copyOf(others);
    }

    /** One that is asked without TLS, for the client's host. */
    public static OriginTarget plain(InetAddress address, int port) {
        return of(address, port, OriginScheme.HTTP, Optional.empty(), Optional.empty());
    }

    /** One that is asked by HTTP/2 without TLS, for the client's host. */
    public static OriginTarget h2c(InetAddress address, int port) {
        return of(address, port, OriginScheme.H2C, Optional.empty(), Optional.empty());
    }

    /** One that is asked in TLS, for the client's host. */
    public static OriginTarget tls(InetAddress address, int port, TlsPeer peer) {
        return of(address, port, OriginScheme.HTTPS, Optional.of(peer), Optional.empty());
    }

    public static OriginTarget of(
            InetAddress address, int port, OriginScheme scheme, Optional<TlsPeer> peer, Optional<String> host) {
        String text = AddressText.of(address.getAddress());
        String socket = (address instanceof Inet6Address ? "[" + text + "]" : text) + ":" + port;
        return new OriginTarget(address, port, scheme, peer, host, false, socket, List.of());
    }

    /** The same targets, each with the addresses of the other family among those that are asked in the same way. */
    public static List<OriginTarget> paired(Collection<OriginTarget> targets) {
        return targets.stream()
                .map(target -> target.with(targets.stream()
                        .filter(target::isPairedWith)
                        .map(OriginTarget::address)
                        .toList()))
                .toList();
    }

    private boolean isPairedWith(OriginTarget other) {
        return isIpv6() != other.isIpv6()
                && port == other.port
                && scheme == other.scheme
                && sendsProxyHeader == other.sendsProxyHeader
                && peer.equals(other.peer)
                && host.equals(other.host);
    }

    private boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    private OriginTarget with(List<InetAddress> pair) {
        return pair.isEmpty()
                ? this
                : new OriginTarget(address, port, scheme, peer, host, sendsProxyHeader, text, pair);
    }

    /** The same, whose connections begin with the PROXY protocol or do not. */
    public OriginTarget proxyHeader(boolean sends) {
        return sends == sendsProxyHeader
                ? this
                : new OriginTarget(address, port, scheme, peer, host, sends, text, others);
    }

    @Override
    public String toString() {
        return text;
    }
}
