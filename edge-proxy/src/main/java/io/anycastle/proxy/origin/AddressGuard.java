package io.anycastle.proxy.origin;

import io.anycastle.core.model.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides which addresses the edge connects to, after all names are resolved. An address that carries an IPv4 address inside (translated,
 * compatible, 6to4, NAT64) must pass both as it stands and by what it carries. Immutable but for what it is told of the edge. Any thread.
 */
public final class AddressGuard {
    /** What may be done with an address. */
    public enum Ruling {
        ALLOWED,
        /** The edge would ask itself. */
        EDGE_ITSELF,
        /** Not an address of the public or a private network. */
        FORBIDDEN
    }

    /** Loopback, link-local, unspecified, multicast, reserved, and where clouds answer with secrets. */
    private static final List<Cidr> NEVER_BY_ITSELF = networks(
            "0.0.0.0/8",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "100.100.100.200",
            "168.63.129.16",
            "::/128",
            "::1/128",
            "100::/64",
            "2001::/32",
            "64:ff9b:1::/48",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
            "fd00:ec2::254",
            "fd20:ce::254");

    private static final Cidr V4_COMPATIBLE = Cidr.of("::/96");
    private static final Cidr V4_TRANSLATED = Cidr.of("::ffff:0:0:0/96");
    private static final Cidr NAT64 = Cidr.of("64:ff9b::/96");
    private static final Cidr SIX_TO_FOUR = Cidr.of("2002::/16");

    private final List<Cidr> allow;
    private final List<Cidr> deny;
    private final Set<InetAddress> edgeAddresses;
    private volatile Set<InetAddress> nodeAddresses = Set.of();
    private volatile Set<InetSocketAddress> ownSockets = Set.of();
    private final AtomicLong version = new AtomicLong(1);

    public AddressGuard(OriginConfig config) {
        this.allow = config.allow();
        this.deny = config.deny();
        this.edgeAddresses = new HashSet<>(config.edgeAddresses());
    }

    /** Tells where this node itself listens, wildcards spelled out. */
    public void listensOn(Set<InetSocketAddress> sockets) {
        ownSockets = Set.copyOf(sockets);
        version.incrementAndGet();
    }

    /** Tells the edge addresses of all nodes, each time that they change. */
    public void nodesAnswerAt(Set<InetAddress> addresses) {
        nodeAddresses = Set.copyOf(addresses);
        version.incrementAndGet();
    }

    /** Another number whenever it may rule otherwise than before; never 0. */
    public long version() {
        return version.get();
    }

    public Ruling rule(InetAddress address, int port) {
        Ruling outer = ruleOne(address, port);
        return outer == Ruling.ALLOWED
                ? carried(address).map(inner -> ruleOne(inner, port)).orElse(outer)
                : outer;
    }

    private Ruling ruleOne(InetAddress address, int port) {
        if (ownSockets.contains(new InetSocketAddress(address, port))) {
            return Ruling.EDGE_ITSELF;
        }
        if (isIn(deny, address)) {
            return Ruling.FORBIDDEN;
        }
        if (isIn(allow, address)) {
            return Ruling.ALLOWED;
        }
        if (edgeAddresses.contains(address) || nodeAddresses.contains(address)) {
            return Ruling.EDGE_ITSELF;
        }
        return isIn(NEVER_BY_ITSELF, address) ? Ruling.FORBIDDEN : Ruling.ALLOWED;
    }

    private static Optional<InetAddress> carried(InetAddress address) {
        if (address instanceof Inet4Address) {
            return Optional.empty();
        }
        if (isV4Compatible(address) || NAT64.contains(address) || V4_TRANSLATED.contains(address)) {
            return Optional.of(fourOctets(address, 12));
        }
        return SIX_TO_FOUR.contains(address) ? Optional.of(fourOctets(address, 2)) : Optional.empty();
    }

    /** The first two of that network are none: nowhere, and the loopback address (RFC 4291 section 2.5). */
    private static boolean isV4Compatible(InetAddress address) {
        return V4_COMPATIBLE.contains(address) && !address.isAnyLocalAddress() && !address.isLoopbackAddress();
    }

    private static InetAddress fourOctets(InetAddress address, int at) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), at, at + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isIn(List<Cidr> networks, InetAddress address) {
        for (Cidr network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<Cidr> networks(String... texts) {
        return Arrays.stream(texts).map(Cidr::of).toList();
    }
}
