package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.wire.Wire;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers that all proxied names share.
 *
 * @param ipv4 null when the edge has no such address
 * @param ipv6 null when the edge has no such address
 */
public record EdgeAddresses(@Nullable RrSet ipv4, @Nullable RrSet ipv6) {
    /** The configured ones; several turn from answer to answer. */
    public static EdgeAddresses of(AnswerConfig config) {
        return new EdgeAddresses(
                set(Wire.TYPE_A, config.edgeIpv4(), config.proxiedTtlSeconds()),
                set(Wire.TYPE_AAAA, config.edgeIpv6(), config.proxiedTtlSeconds()));
    }

    /** Addresses of one family, at least one, always answered in that order. */
    public static RrSet inOrder(List<InetAddress> addresses, int ttlSeconds) {
        int type = addresses.getFirst() instanceof Inet4Address ? Wire.TYPE_A : Wire.TYPE_AAAA;
        RrSet set = RrWriter.set(DomainName.ROOT, type, ttlSeconds, rdatas(addresses));
        return RrSet.of(type, set.count(), 0, set.compact(), set.plain());
    }

    private static @Nullable RrSet set(int type, List<? extends InetAddress> addresses, int ttlSeconds) {
        if (addresses.isEmpty()) {
            return null;
        }
        return RrWriter.set(DomainName.ROOT, type, ttlSeconds, rdatas(addresses));
    }

    private static List<Rdata> rdatas(List<? extends InetAddress> addresses) {
        return addresses.stream().distinct().map(a -> Rdata.of(a.getAddress())).toList();
    }
}
