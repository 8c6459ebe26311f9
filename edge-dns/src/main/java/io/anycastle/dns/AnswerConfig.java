package io.anycastle.dns;

import io.anycastle.core.model.Soa;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;

/**
 * What the node answers by itself.
 *
 * @param edgeIpv4 what a proxied name answers for A; empty: NODATA
 * @param edgeIpv6 what a proxied name answers for AAAA; empty: NODATA
 * @param autoTtlSeconds what the automatic TTL means for content, 1 to 604800
 * @param proxiedTtlSeconds the TTL of edge addresses, 1 to 604800
 * @param nameServerTtlSeconds the TTL of the apex NS set, 30 to 604800
 * @param soa the timers of every zone
 * @param partialSuffix where the hosts of partial zones are answered; empty: nowhere
 * @param leadsMailToOrigin whether MX and SRV records name proxied hosts by another name, which answers the origin's addresses
 * @param flattensWithinZone whether a CNAME to a name of its own zone answers that name's addresses as its own
 */
public record AnswerConfig(
        List<Inet4Address> edgeIpv4,
        List<Inet6Address> edgeIpv6,
        int autoTtlSeconds,
        int proxiedTtlSeconds,
        int nameServerTtlSeconds,
        Soa soa,
        Optional<PartialSuffix> partialSuffix,
        boolean flattensWithinZone,
        boolean leadsMailToOrigin) {
    /** As RFC 1034 has it: records are answered as they are. */
    public static final AnswerConfig DEFAULTS = new AnswerConfig(List.of(), List.of(), 300, 300, 86400, Soa.DEFAULTS);

    public AnswerConfig(
            List<Inet4Address> edgeIpv4,
            List<Inet6Address> edgeIpv6,
            int autoTtlSeconds,
            int proxiedTtlSeconds,
            int nameServerTtlSeconds,
            Soa soa) {
        this(
                edgeIpv4,
                edgeIpv6,
                autoTtlSeconds,
                proxiedTtlSeconds,
                nameServerTtlSeconds,
                soa,
                Optional.empty(),
                false,
                false);
    }

    public AnswerConfig {
        edgeIpv4 = edgeIpv4.stream().distinct().toList();
        edgeIpv6 = edgeIpv6.stream().distinct().toList();
    }

    public AnswerConfig withEdge(List<Inet4Address> ipv4, List<Inet6Address> ipv6) {
        return new AnswerConfig(
                ipv4,
                ipv6,
                autoTtlSeconds,
                proxiedTtlSeconds,
                nameServerTtlSeconds,
                soa,
                partialSuffix,
                flattensWithinZone,
                leadsMailToOrigin);
    }

    public AnswerConfig withPartialSuffix(PartialSuffix suffix) {
        return new AnswerConfig(
                edgeIpv4,
                edgeIpv6,
                autoTtlSeconds,
                proxiedTtlSeconds,
                nameServerTtlSeconds,
                soa,
                Optional.of(suffix),
                flattensWithinZone,
                leadsMailToOrigin);
    }

    public AnswerConfig withFlatteningWithinZone(boolean flattens) {
        return new AnswerConfig(
                edgeIpv4,
                edgeIpv6,
                autoTtlSeconds,
                proxiedTtlSeconds,
                nameServerTtlSeconds,
                soa,
                partialSuffix,
                flattens,
                leadsMailToOrigin);
    }

    public AnswerConfig withMailToOrigin(boolean leads) {
        return new AnswerConfig(
                edgeIpv4,
                edgeIpv6,
                autoTtlSeconds,
                proxiedTtlSeconds,
                nameServerTtlSeconds,
                soa,
                partialSuffix,
                flattensWithinZone,
                leads);
    }
}
