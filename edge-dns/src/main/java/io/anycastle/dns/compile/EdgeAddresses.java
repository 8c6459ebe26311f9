package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.wire.Wire;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers that all proxied names share.
 *
 * @param ipv4 null when the edge has no such address
 * @param ipv6 null when the edge has no such address
 */
record EdgeAddresses(@Nullable RrSet ipv4, @Nullable RrSet ipv6) {
    static EdgeAddresses of(AnswerConfig config) {
        return new EdgeAddresses(
                set(Wire.TYPE_A, config.edgeIpv4(), config.proxiedTtlSeconds()),
                set(Wire.TYPE_AAAA, config.edgeIpv6(), config.proxiedTtlSeconds()));
    }

    private static @Nullable RrSet set(int type, List<? extends InetAddress> addresses, int ttlSeconds) {
        if (addresses.isEmpty()) {
            return null;
        }
        List<Rdata> rdatas =
                addresses.stream().map(a -> Rdata.of(a.getAddress())).toList();
        return RrWriter.set(DomainName.ROOT, type, ttlSeconds, rdatas);
    }
}
